import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Lexer,
  parse,
  Source,
  specifiedRules,
  TokenKind,
  validate,
} from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { CpuShares } from '../../budgets/cpu-shares.ts';
import { BadUserInput, QueryTooComplex } from '../../errors.ts';
import { countTokens, DocumentCache } from '../document-cache.ts';
import { type DocumentSize, documentSize } from '../document-size.ts';
import { variableErrors } from '../input-errors.ts';
import type { ServerContext } from '../request-state.ts';

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

/**
 * Parses and validates all operations within limits. The cheap checks come first: the document's length before parsing;
 * its size with fragments expanded before validation, whose rules compare fields pairwise; then the variables; and last
 * the cost, which depends on their values.
 *
 * It has its own cache, of valid documents: Yoga's keeps errors too, regardless of the variables.
 */
export function useLimits(
  overrides: Partial<Limits> = {},
  cpu?: CpuShares,
  documents = new DocumentCache(),
): Plugin {
  const limits = { ...DEFAULT_LIMITS, ...overrides };

  return {
    onParse: ({ context, setParseFn }) =>
      setParseFn((text: string | Source) => measure(context, () => parseWithin(text))),
    onValidate({ context, setValidationFn }) {
      const { params } = context as { params?: GraphQLParams };
      setValidationFn((schema: GraphQLSchema, document: DocumentNode) => {
        return measure(context, () => {
          const errors = validateOnce(schema, document);
          return errors.length > 0 ? errors : validateInput(schema, document, params ?? {});
        });
      });
    },
  };

  function measure<T>(context: object, step: () => T): T {
    const { user } = (context as Partial<ServerContext>).state ?? {};
    return cpu && user !== undefined ? cpu.measure(user, step) : step();
  }

  function parseWithin(text: string | Source): DocumentNode {
    const source = typeof text === 'string' ? new Source(text) : text;
    requireWithin('characters', source.body.length);
    const cached = documents.find(source.body);
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
      return parse(source, { maxLexicalTokens: limits.tokens });
    } catch (error) {
      // The parser names the limit only in its message.
      if (hasMoreTokens(source, limits.tokens)) requireWithin('tokens', limits.tokens + 1);
      throw error;
    }
  }

  function validateOnce(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
    const text = document.loc?.source.body ?? '';
    if (documents.has(text, document)) return [];
    const errors = validate(schema, document, specifiedRules);
    if (errors.length === 0) documents.add(text, document);
    return errors;
  }

  function validateInput(
    schema: GraphQLSchema,
    document: DocumentNode,
    params: GraphQLParams,
  ): GraphQLError[] {
    const variableValues = params.variables ?? {};
    const operation = getOperationAST(document, params.operationName);
    if (!operation) return [];
    const fields = variableErrors(schema, operation, variableValues);
    if (fields.length > 0) return [toGraphQLError(new BadUserInput(fields))];
    const costRule = createComplexityRule({
      variableValues,
      ...(operation.name && { operationName: operation.name.value }),
      context: {},
      validate: ({ complexity }, report) => {
        if (!(complexity <= limits.complexity)) report(toGraphQLError(tooComplex('complexity', complexity)));
      },
    });
    return [...validate(schema, document, [costRule])];
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
