import { beforeAll, describe, expect, it } from 'vitest';
import { status } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { HeldCalls } from '../support/held-calls.ts';
import { SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { codeOf } from '../support/writ.ts';

const CREATE = createSessionMutation('phase uid');
const START =
  'mutation ($name: String!) { startSession(project: "waves", name: $name) { session { phase } } }';

const IDENTITY = ['POST selfsubjectreviews'];
const REVIEWS = ['POST selfsubjectaccessreviews', 'POST selfsubjectreviews'];
const RUN = [
  ['POST rolebindings'],
  ['POST serviceaccounts/token'],
  ['PATCH secrets'],
  ['POST jobs'],
  ['PATCH agenticsessions/status'],
];
const RUN_OF_NEW = [
  ['PATCH agenticsessions/status', 'POST secrets'],
  ['POST roles', 'POST serviceaccounts'],
  ...RUN,
];
const NEW = [['GET secrets', ...REVIEWS], ['POST agenticsessions']];
const STARTED = [
  ['GET agenticsessions'],
  ['GET jobs', ...REVIEWS],
  ['PATCH agenticsessions'],
  ['POST secrets'],
  ['POST roles', 'POST serviceaccounts'],
  ...RUN,
];

describe('the calls of a mutation that wait for each other', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    authentication: { subjectMs: 10_000, rejectedMs: 0 },
  });
  beforeAll(() => putProject(writ.kubernetes('admin'), 'waves'));

  const create = (start: boolean) => ({ query: CREATE, variables: { input: { project: 'waves', start } } });
  it.each([
    [
      'createSession without a run, of a new token',
      4,
      create(false),
      [IDENTITY, ...NEW, ['PATCH agenticsessions/status']],
    ],
    ['createSession without a run', 3, create(false), [...NEW, ['PATCH agenticsessions/status']]],
    ['createSession with a run', 9, create(true), [...NEW, ...RUN_OF_NEW]],
    ['startSession', 10, { query: START, variables: { name: 'stopped' } }, STARTED],
  ])('%s takes the time of %i calls', async (_, count, { query, variables }, waves) => {
    if (query === START) await putSession(writ.kubernetes('admin'), 'waves', 'stopped');
    const held = new HeldCalls();
    writ.proxy.set(held.rule);
    const answer = writ.as('alice', query, variables);
    for (const wave of waves) expect(await held.wave(wave.length)).toEqual(wave);
    expect((await answer).errors).toBeUndefined();
    expect(waves).toHaveLength(count);
  });
});

const REFUSED = status(500, 'InternalError');

describe('a call in parallel that fails', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  beforeAll(() => putProject(admin, 'waves'));

  it.each([
    ['PATCH agenticsessions/status', 'POST secrets', 2],
    ['POST secrets', 'PATCH agenticsessions/status', 2],
    ['POST serviceaccounts', 'POST roles', 3],
    ['POST roles', 'POST serviceaccounts', 3],
  ])('%s is reported when %s has ended, and nothing more is created', async (failing, slow, nth) => {
    const held = new HeldCalls();
    writ.proxy.set(held.rule);
    let isAnswered = false;
    const answer = writ.as('alice', CREATE, { input: { project: 'waves' } }).finally(() => {
      isAnswered = true;
    });
    for (const wave of [IDENTITY, ...NEW, ...RUN_OF_NEW].slice(0, nth + 1))
      expect(await held.wave(wave.length)).toEqual(wave);
    await eventually(() => expect(held.labels).toEqual([failing, slow].sort()));
    const before = writ.proxy.seen.length;
    held.release(failing, REFUSED);
    // As long as a whole operation of another request takes, in which a write that does not wait would have been sent.
    await passesBy();
    expect(held.labels).toEqual([slow]);
    expect(isAnswered).toBe(false);
    writ.proxy.set((_, forward) => forward());
    held.release(slow);

    const { errors } = await answer;
    const { session } = errors?.[0]?.extensions ?? {};
    const { body } = await admin.get(`${SESSIONS('waves')}/${session.name}`);
    expect(body.status.conditions).toMatchObject([{ type: 'RunCreated', status: 'False' }]);
    const later = writ.proxy.seen.slice(before).filter(({ method }) => method === 'POST');
    expect(later.filter(({ path }) => !path.includes('reviews'))).toEqual([]);
  });

  it('a review that is denied, while the reads beside it are on their way: nothing is written', async () => {
    const held = new HeldCalls();
    writ.proxy.set(held.rule);
    const answer = writ.as('alice', CREATE, { input: { project: 'waves' } });
    await held.wave(1);
    await eventually(() => expect(held.labels).toEqual(NEW[0]));
    const before = writ.proxy.seen.length;
    held.release('POST selfsubjectreviews');
    held.release('GET secrets');
    await passesBy();
    expect(held.labels).toEqual(['POST selfsubjectaccessreviews']);
    held.release('POST selfsubjectaccessreviews', { status: 201, body: { status: { allowed: false } } });
    expect(codeOf(await answer)).toBe('FORBIDDEN');
    expect(writ.proxy.seen.slice(before)).toEqual([]);
  });

  /** A request of another user, from its beginning to its end, past the proxy's rule. */
  async function passesBy(): Promise<void> {
    for (let nth = 0; nth < 3; nth += 1) await admin.get(`${SESSIONS('waves')}?limit=1`);
  }
});
