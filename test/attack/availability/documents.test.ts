import { buildSchema, type DocumentNode, GraphQLError, Source } from 'graphql';
import { expect, it } from 'vitest';
import { createDocumentChecks } from '../../../src/http/document-checks.ts';
import { useLimits } from '../../../src/http/plugins/use-limits.ts';
import { codes, post, start } from '../../http/fixture.ts';

it('comments count as tokens of a document', async () => {
  const { url } = await start({ limits: { tokens: 20 } });
  const commented = (count: number) => ({ query: `${'#\n'.repeat(count)}{ hello }` });
  expect(codes((await post(url, commented(17))).body)).toEqual([]);
  const { body } = await post(url, commented(18));
  expect(body.errors).toMatchObject([
    { extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'tokens', maximum: 20, actual: 21 } },
  ]);
});

it('the message of an error is short, whatever it quotes of the document', async () => {
  const { url } = await start();
  for (const query of [
    `{ ${'x'.repeat(40_000)} }`,
    `{ hello(${'a'.repeat(20_000)}: 1) }`,
    `"${'x'.repeat(40_000)}`,
  ]) {
    const { body } = await post(url, { query });
    expect(body.errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(body).length).toBeLessThan(3_000);
  }
});

it('a valid document is kept, an invalid one and its errors are not', () => {
  const schema = buildSchema('type Query { hello: String }');
  const plugin = useLimits();
  const parse = (text: string): DocumentNode => {
    let parsed: DocumentNode | undefined;
    plugin.onParse?.({
      context: {},
      setParseFn: (parseWithin: (source: Source) => DocumentNode) => {
        parsed = parseWithin(new Source(text));
      },
    } as never);
    return parsed as DocumentNode;
  };
  const validate = (document: DocumentNode): readonly GraphQLError[] => {
    let errors: readonly GraphQLError[] = [];
    plugin.onValidate?.({
      context: {},
      setValidationFn: (run: (schema: unknown, document: DocumentNode) => readonly GraphQLError[]) => {
        errors = run(schema, document);
      },
    } as never);
    return errors;
  };
  const [valid, invalid] = ['{ hello }', '{ goodbye }'].map(parse) as [DocumentNode, DocumentNode];
  expect(validate(valid)).toEqual([]);
  const [error] = validate(invalid);
  expect(error).toBeInstanceOf(GraphQLError);
  expect(parse('{ hello }')).toBe(valid);
  expect(parse('{ goodbye }')).not.toBe(invalid);
  expect(validate(invalid)[0]).not.toBe(error);
});

it('a listed document is not displaced by others', () => {
  const schema = buildSchema('type Query { hello: String }');
  const checks = createDocumentChecks({}, { listed: new Set(['{ hello }']) });
  const keep = (text: string): DocumentNode => {
    const document = checks.parse(text);
    expect(checks.validate(schema, document)).toEqual([]);
    return document;
  };
  const [listed, other] = [keep('{ hello }'), keep('{  hello }')];
  for (let n = 0; n < 500; n++) keep(`{ hello } # ${String(n).padEnd(40_000, 'x')}`);
  expect(checks.parse('{ hello }')).toBe(listed);
  expect(checks.parse('{  hello }')).not.toBe(other);
});
