import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  Lexer,
  parse as parseDocument,
  Source,
  specifiedRules,
  TokenKind,
  validate as validateDocument,
} from 'graphql';
import type { CacheFigures } from '../budgets/cache-figures.ts';
import { BadUserInput, QueryTooComplex } from '../errors.ts';
import { countTokens, DocumentCache } from './document-cache.ts';
import { type DocumentSize, documentSize } from './document-size.ts';
import { variableErrors } from './input-errors.ts';
import { forbidIntrospection } from './introspection.ts';

/** An operation that exceeds one of these limits fails with QUERY_TOO_COMPLEX, and is not executed. */
export interface Limits {
  /** The document's length in UTF-16 code units. */
  characters: number;
  tokens: number;
  depth: number;
  fields: number;
  rootFields: number;
  aliases: number;
  directives: number;
  /** The sum of the fields' costs, which the schema defines. */
  complexity: number;
}

export const DEFAULT_LIMITS: Limits = {
  characters: 50_000,
  tokens: 2_000,
  depth: 16,
  fields: 1_000,
  rootFields: 20,
  aliases: 30,
  directives: 50,
  complexity: 12_000,
};

export interface DocumentCheckOptions {
  /** Documents that others must not displace from the cache: those that the operator of Writ has listed. */
  listed?: ReadonlySet<string>;
  /** Otherwise `__schema` and `__type` are invalid, and no message suggests a name of the schema. */
  introspection?: boolean;
}

interface Params {
  variables?: Readonly<Record<string, unknown>> | undefined;
  operationName?: string | undefined;
}

/** What a document must pass before it is executed. */
export interface DocumentChecks {
  /** Within the limits of its size. Errors: QueryTooComplex, a GraphQLError of the parser. */
  parse(text: string | Source): DocumentNode;
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[];
  /** The errors in the variables, or else in the cost of a valid document. */
  validateInput(schema: GraphQLSchema, document: DocumentNode, params: Params): readonly GraphQLError[];
  validateCost(schema: GraphQLSchema, document: DocumentNode, params: Params): readonly GraphQLError[];
  /** Of the cache of documents that are not listed. */
  readonly figures: CacheFigures;
}

/** The checks have their own cache, of valid documents: Yoga's keeps errors too, regardless of the variables. */
export function createDocumentChecks(
  overrides: Partial<Limits> = {},
  { listed = new Set(), introspection = true }: DocumentCheckOptions = {},
): DocumentChecks {
  const limits = { ...DEFAULT_LIMITS, ...overrides };
  const rules = introspection ? specifiedRules : [...specifiedRules, forbidIntrospection];
  const hideSuggestions = !introspection;
  const listedDocuments = new DocumentCache();
  const otherDocuments = new DocumentCache();
  const cacheOf = (text: string) => (listed.has(text) ? listedDocuments : otherDocuments);

  return {
    parse,
    validate,
    validateInput,
    validateCost,
    get figures() {
      return otherDocuments.figures;
    },
  };

  function parse(text: string | Source): DocumentNode {
    const source = typeof text === 'string' ? new Source(text) : text;
    requireWithin('characters', source.body.length);
    const cached = cacheOf(source.body).find(source.body);
    if (cached) return cached;
    const document = parseTokens(source);
    // The parser counts no comments, and keeps them.
    requireWithin('tokens', countTokens(document));
    for (const [name, size] of Object.entries(documentSize(document))) {
      requireWithin(name as keyof DocumentSize, size);
    }
    return document;
  }

  function parseTokens(source: Source): DocumentNode {
    try {
      return parseDocument(source, { maxLexicalTokens: limits.tokens });
    } catch (error) {
      // The parser names the limit only in its message.
      if (hasMoreTokens(source, limits.tokens)) requireWithin('tokens', limits.tokens + 1);
      throw error;
    }
  }

  function validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
    const text = document.loc?.source.body ?? '';
    const cache = cacheOf(text);
    if (cache.has(text, document)) return [];
    const errors = validateDocument(schema, document, rules, { hideSuggestions });
    if (errors.length === 0) cache.add(text, document);
    return errors;
  }

  function validateInput(
    schema: GraphQLSchema,
    document: DocumentNode,
    params: Params,
  ): readonly GraphQLError[] {
    const operation = getOperationAST(document, params.operationName);
    if (!operation) return [];
    const fields = variableErrors(schema, operation, params.variables ?? {}, hideSuggestions);
    if (fields.length > 0) return [toGraphQLError(new BadUserInput(fields))];
    return validateCost(schema, document, params);
  }

  function validateCost(
    schema: GraphQLSchema,
    document: DocumentNode,
    { variables = {}, operationName }: Params,
  ): readonly GraphQLError[] {
    const operation = getOperationAST(document, operationName);
    if (!operation) return [];
    // Of the operation alone, and not as a rule of validation, which would visit the whole document for each request.
    const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    const executed = { ...document, definitions: [operation, ...fragments] };
    try {
      const { complexity } = complexityFromQuery(executed, { schema, variables, ctx: {} });
      return complexity <= limits.complexity ? [] : [toGraphQLError(tooComplex('complexity', complexity))];
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  function requireWithin(name: keyof Limits, actual: number): void {
    if (!(actual <= limits[name])) throw tooComplex(name, actual);
  }

  function tooComplex(name: keyof Limits, actual: number): QueryTooComplex {
    const maximum = limits[name];
    return new QueryTooComplex(
      `The operation exceeds the limit of ${maximum} for ${name}: it has ${actual}`,
      {
        limit: name,
        maximum,
        actual,
      },
    );
  }
}

function toGraphQLError(error: BadUserInput | QueryTooComplex): GraphQLError {
  return new GraphQLError(error.message, { originalError: error, extensions: { code: error.code } });
}

function hasMoreTokens(source: Source, maximum: number): boolean {
  const lexer = new Lexer(source);
  try {
    for (let count = 0; count <= maximum; count++) {
      if (lexer.advance().kind === TokenKind.EOF) return false;
    }
    return true;
  } catch {
    return false;
  }
}
