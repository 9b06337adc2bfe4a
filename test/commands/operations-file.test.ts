import { describe, expect, it } from 'vitest';
import { operationRules } from '../../src/commands/operation-rules.ts';
import { readConfig } from '../../src/config/config.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createAcceptedOperations } from '../../src/http/operations/accepted-operations.ts';
import { documentsByHash, operationsFile, sha256 } from '../support/operations-file.ts';
import { startProcess } from '../support/process.ts';

const VIEWER = 'query Viewer { viewer { username } }';
const APOLLO = { format: 'apollo-persisted-query-manifest', version: 1 };
const apollo = (...operations: object[]) => ({ ...APOLLO, operations });

const settingsOf = (environment: Record<string, string>) => readConfig(environment).operations;
/** What a process does with its settings when it starts. */
function accept(environment: Record<string, string>) {
  const { operations, limits } = readConfig(environment);
  const { complexity } = limits;
  return createAcceptedOperations({ schema, limits: { complexity }, operations: operationRules(operations) });
}

const listedIn = (content: unknown) =>
  settingsOf({ WRIT_OPERATIONS_FILE: operationsFile(content) }).listed ?? [];

describe('WRIT_OPERATIONS_FILE', () => {
  it.each([
    ['of GraphQL Code Generator', documentsByHash(VIEWER)],
    ['without prefixes', { [sha256(VIEWER)]: VIEWER }],
    ['of Apollo', apollo({ id: sha256(VIEWER), name: 'Viewer', type: 'query', body: VIEWER })],
  ])('is a manifest %s', (_, content) => {
    expect(listedIn(content)).toEqual([{ id: sha256(VIEWER), text: VIEWER }]);
  });

  it('may have ids that are no sha256', () => {
    const sha1 = 'a'.repeat(40);
    expect(listedIn({ [sha1]: VIEWER })).toEqual([{ id: sha1, text: VIEWER }]);
  });

  it('may have the names of properties of objects', () => {
    const content = `{ "__proto__": ${JSON.stringify(VIEWER)}, "constructor": ${JSON.stringify(VIEWER)} }`;
    expect(listedIn(content).map(({ id }) => id)).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['JSON that it is not', '{', 'cannot be read: Expected property name'],
    ['a list', [], 'is not a JSON object'],
    ['null', 'null', 'is not a JSON object'],
    ['a text that is none', { a: 5 }, 'a: Invalid input: expected string, received number'],
    ['an empty text', { a: '' }, 'a: Too small'],
    ['an empty id', { '': VIEWER }, 'an id has 1 to 128 printable ASCII characters, without spaces'],
    ['a space in an id', { 'a b': VIEWER }, 'an id has 1 to 128 printable'],
    ['a long id', { ['a'.repeat(129)]: VIEWER }, 'an id has 1 to 128 printable'],
    [
      'the hash of another text',
      { [`sha256:${sha256('x')}`]: VIEWER },
      'is not the sha256 of its document, in lower case',
    ],
    ['the hash without a prefix', { [sha256('x')]: VIEWER }, 'is not the sha256 of its document'],
    ['a hash in upper case', { [sha256(VIEWER).toUpperCase()]: VIEWER }, 'is not the sha256 of its document'],
    ['a prefix without a hash', { 'sha256:greet': VIEWER }, 'is not the sha256 of its document'],
    [
      'an id twice',
      apollo({ id: 'a', body: VIEWER }, { id: 'a', body: '{ viewer { uid } }' }),
      'a: is the id of two documents',
    ],
    ['another version', { ...apollo(), version: 2 }, 'version: Invalid input: expected 1'],
    ['another format', { ...apollo(), format: 'relay' }, 'format: Invalid input'],
    ['no operations', APOLLO, 'operations: Invalid input'],
    ['too many bytes', `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`, 'it is larger than 4194304 bytes'],
  ])('has a clear error for %s', (_, content, message) => {
    const file = operationsFile(content);
    const read = () => settingsOf({ WRIT_OPERATIONS_FILE: file });
    expect(read).toThrow('WRIT_OPERATIONS_FILE');
    expect(read).toThrow(file);
    expect(read).toThrow(message);
  });

  it.each(['/not/there.json', '/dev/zero', '/tmp'])('must be a file: %s', (file) => {
    expect(() => settingsOf({ WRIT_OPERATIONS_FILE: file })).toThrow(
      `WRIT_OPERATIONS_FILE: ${file} cannot be read`,
    );
  });
});

describe('WRIT_AD_HOC_OPERATIONS', () => {
  const file = () => operationsFile(documentsByHash(VIEWER));

  it.each([
    [undefined, false],
    ['true', true],
    ['false', false],
    ['developers', ['developers']],
    ['a, system:masters', ['a', 'system:masters']],
  ])('with a file, %j is %j', (value, adHoc) => {
    const environment = { WRIT_OPERATIONS_FILE: file(), ...(value && { WRIT_AD_HOC_OPERATIONS: value }) };
    expect(settingsOf(environment).adHoc).toEqual(adHoc);
  });

  it.each(['True', 'no', '1', 'true,developers', ','])('%j is an error', (value) => {
    expect(() => settingsOf({ WRIT_OPERATIONS_FILE: file(), WRIT_AD_HOC_OPERATIONS: value })).toThrow(
      `WRIT_AD_HOC_OPERATIONS: invalid value "${value}": must be true, false, or names of groups`,
    );
  });

  it('without a file, all operations are ad-hoc', () => {
    expect(settingsOf({})).toMatchObject({ listed: undefined, adHoc: true });
    expect(settingsOf({ WRIT_AD_HOC_OPERATIONS: 'true' }).adHoc).toBe(true);
    for (const value of ['false', 'developers']) {
      expect(() => settingsOf({ WRIT_AD_HOC_OPERATIONS: value })).toThrow(
        'WRIT_AD_HOC_OPERATIONS needs WRIT_OPERATIONS_FILE, which lists the other operations',
      );
    }
  });
});

describe('the operations of a list', () => {
  const page = (first: number) =>
    `query Page { project(name: "demo") { sessions(first: ${first}) { nodes { name children(first: 50) { nodes { name } } } } } }`;

  it.each([
    ['is not GraphQL', 'query Broken {', {}, /the operation [0-9a-f]{64} is invalid: Syntax Error/],
    ['the schema does not have', 'query Old { gone }', {}, /Old \([0-9a-f]{64}\): Cannot query field "gone"/],
    ['has no operation', 'fragment f on Query { viewer { uid } }', {}, /[0-9a-f]{64}: it has no operation/],
    [
      'costs too much',
      page(500),
      {},
      /Page \(\w+\): The operation exceeds the limit of 12000 for complexity/,
    ],
    [
      'costs too much with any variables',
      'query Page($p: String!) { project(name: $p) { sessions(first: 500) { nodes { name events { message } } } } }',
      { WRIT_MAX_COMPLEXITY: '1000' },
      /Page \(\w+\): The operation exceeds the limit of 1000 for complexity/,
    ],
    [
      'is too deep',
      `query Deep { session(project: "a", name: "b") ${'{ parent '.repeat(20)}{ id }${' }'.repeat(20)} }`,
      {},
      /Deep \(\w+\): The operation exceeds the limit of 16 for depth/,
    ],
    [
      'reads the schema, which is not allowed',
      'query Schema { __schema { queryType { name } } }',
      { WRIT_INTROSPECTION: 'false' },
      /Schema \(\w+\): Introspection is switched off/,
    ],
  ])('are refused at the start if one %s', (_, text, environment, message) => {
    const file = operationsFile(documentsByHash(VIEWER, text));
    const start = () => accept({ ...environment, WRIT_OPERATIONS_FILE: file });
    expect(start).toThrow(message);
    expect(start).toThrow('WRIT_OPERATIONS_FILE: the operation ');
    expect(start).not.toThrow('Viewer');
  });

  it('are all named that are invalid', () => {
    const file = operationsFile(documentsByHash('query A { a }', VIEWER, 'query B { b }'));
    expect(() => accept({ WRIT_OPERATIONS_FILE: file })).toThrow(/operation A .*\n.*operation B /);
  });

  it('end the process if one is invalid, which the last line names', async () => {
    const settings = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_SANDBOX_PORT: '0' };
    const WRIT_OPERATIONS_FILE = operationsFile(documentsByHash('query Old { gone }'));
    const { code, lastLine } = await startProcess(['sandbox'], { ...settings, WRIT_OPERATIONS_FILE }).exited;
    expect(lastLine).toMatch(
      /^WRIT_OPERATIONS_FILE: the operation Old \(\w+\): Cannot query field "gone" on type "Query"/,
    );
    expect(code).toBe(1);
  });

  it('are accepted if they are those of the example', () => {
    const WRIT_OPERATIONS_FILE = 'examples/apollo/generated/persisted-documents.json';
    expect(() => accept({ WRIT_OPERATIONS_FILE, WRIT_INTROSPECTION: 'false' })).not.toThrow();
  });
});
