import { beforeAll, describe, expect, it } from 'vitest';
import { CORE } from '../support/objects.ts';
import { putProject } from '../support/put-objects.ts';
import { READ_SECRET_KEYS, UPDATE_SECRETS } from '../support/settings-operations.ts';
import { startWrit } from '../support/writ.ts';
import { startWatchedWrit } from './watched-writ.ts';

const NAME = 'ambient-runner-secrets';
/** Of values that the Secret has, and that an input gives; the number is for places that take a text. */
const STORED = 'STORED-CANARY-0123456789';
const GIVEN = 'GIVEN-CANARY-9876543210';
const NUMBER = 1_234_509_876;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const TRACES = [STORED, GIVEN, String(NUMBER), base64(STORED), base64(GIVEN)];

const traces = (text: string) => TRACES.filter((trace) => text.includes(trace));

/** Variables that are wrong in some way, with a value in them. */
const WRONG: [string, unknown][] = [
  ['a number as the value', { set: [{ key: 'A', value: NUMBER }] }],
  ['an object as the value', { set: [{ key: 'A', value: { it: GIVEN } }] }],
  ['a list as the value', { set: [{ key: 'A', value: [GIVEN] }] }],
  ['no key', { set: [{ value: GIVEN }] }],
  ['a field that there is not', { set: [{ key: 'A', value: 'x', more: GIVEN }] }],
  ['a value in place of the list', { set: GIVEN }],
  ['a value in place of an entry', { set: [GIVEN] }],
  ['a map in place of the list', { set: { A: GIVEN } }],
  ['a value in place of the input', GIVEN],
  ['an input without its project', { project: undefined, set: [{ key: 'A', value: GIVEN }] }],
  ['an input with a field that there is not', { values: { A: GIVEN } }],
  ['an invalid key', { set: [{ key: 'a/b', value: GIVEN }] }],
  ['a value that is too long', { set: [{ key: 'A', value: GIVEN.repeat(4_000) }] }],
  ['a value with a NUL character', { set: [{ key: 'A', value: `${GIVEN}\0` }] }],
  ['a key twice', { set: Array.from({ length: 2 }, () => ({ key: 'A', value: GIVEN })) }],
  ['a stale version', { set: [{ key: 'A', value: GIVEN }], resourceVersion: '1' }],
];

/** Literals in the document. */
const LITERALS: [string, string][] = [
  ['a number', `{key: "A", value: ${NUMBER}}`],
  ['an object', `{key: "A", value: {it: "${GIVEN}"}}`],
  ['a list', `{key: "A", value: ["${GIVEN}"]}`],
  ['no key', `{value: "${GIVEN}"}`],
  ['a text', `"${GIVEN}"`],
];

describe('the value of a runner secret', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'secret-values';
  /** What the cluster answers for a Secret, if it is not what it should. */
  let lie: ((body: string) => { status: number; body: string }) | undefined;
  const watched = startWatchedWrit(writ.sandbox, {
    before: ({ path, method, body }) =>
      path.includes('/secrets') && method !== 'GET' ? lie?.(body) : undefined,
  });
  const set = { project, set: [{ key: 'A', value: GIVEN }] };
  beforeAll(async () => {
    await putProject(admin, project);
    await admin.delete(`${CORE(project, 'secrets')}/${NAME}`);
    await admin.create(CORE(project, 'secrets'), { metadata: { name: NAME }, stringData: { OLD: STORED } });
  });

  it('is stored, and in no answer', async () => {
    const answers = [
      await watched.as('admin', UPDATE_SECRETS, { input: set }),
      await watched.as('admin', READ_SECRET_KEYS, { project }),
      await watched.as('admin', UPDATE_SECRETS, { input: { project, remove: ['B'] } }),
    ];
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
    const { data } = (await admin.get(`${CORE(project, 'secrets')}/${NAME}`)).body;
    expect(data).toEqual({ OLD: base64(STORED), A: base64(GIVEN) });
    expect(answers.flatMap(({ text }) => traces(text))).toEqual([]);
  });

  it.each(WRONG)('is in no error about %s', async (_, wrong) => {
    const input = typeof wrong === 'object' ? { project, ...wrong } : wrong;
    const { errors, text } = await watched.as('admin', UPDATE_SECRETS, { input });
    expect(errors?.[0]?.extensions.code).toMatch(/^(BAD_USER_INPUT|CONFLICT)$/);
    expect(traces(text)).toEqual([]);
  });

  it.each(LITERALS)('is in no error about %s in the document', async (_, literal) => {
    const query = `mutation { updateRunnerSecrets(input: {project: "${project}", set: [${literal}]}) { resourceVersion } }`;
    const { errors, text } = await watched.as('admin', query);
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(traces(text)).toEqual([]);
  });

  const statuses = [400, 403, 409, 413, 422, 500];
  const denial = 'admission webhook "w" denied the request: ';
  it.each(statuses.flatMap((status) => [[status, ''] as const, [status, denial] as const]))(
    'is in no error where the cluster answers %s and quotes it: %s',
    async (status, by) => {
      lie = (sent) => {
        const message = `${by}${sent} ${GIVEN} ${STORED}`;
        const causes = [
          { reason: GIVEN, message, field: `spec.${NAME}` },
          { message, field: 'metadata.name' },
        ];
        const said = { kind: 'Status', code: status, reason: GIVEN, message, details: { causes } };
        return { status, body: JSON.stringify(said) };
      };
      try {
        const { errors, text } = await watched.as('admin', UPDATE_SECRETS, { input: set });
        expect(errors).toHaveLength(1);
        expect(traces(text)).toEqual([]);
      } finally {
        lie = undefined;
      }
    },
  );

  it('is in no error where the answer is no object', async () => {
    lie = (sent) => ({ status: 200, body: `<html>${sent}</html>` });
    const { errors, text } = await watched.as('admin', UPDATE_SECRETS, { input: set });
    lie = undefined;
    expect(errors).toHaveLength(1);
    expect(traces(text)).toEqual([]);
  });

  it('is in no line of the log', () => {
    const log = `${writ.log.text()}${watched.log.text()}`;
    expect(log).toContain('"operationType":"mutation"');
    expect(traces(log)).toEqual([]);
  });
});
