import { beforeAll, describe, expect, it } from 'vitest';
import { createScheduleAuthority } from '../../src/authorization/authorize-owner.ts';
import { CallingSchedule, identifySchedule } from '../../src/authorization/calling-schedule.ts';
import { createRequestScope } from '../../src/kubernetes/scope.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts';
import { guardViolations } from '../support/guard-check.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { SESSIONS } from '../support/objects.ts';
import { allow, putProject, putSession } from '../support/put-objects.ts';
import {
  noteActive,
  putAccount,
  putSchedule,
  RUN_SCHEDULED_SESSION,
  type TestSchedule,
} from '../support/schedules.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const PROJECT = 'attacked';
const OTHER = 'attackers';

describe('the tick of a schedule', () => {
  const writ = startWrit({ sandbox: { demo: false }, reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');
  let target: TestSchedule;
  let own: TestSchedule;
  let elsewhere: TestSchedule;

  beforeAll(async () => {
    for (const name of [PROJECT, OTHER]) await putProject(admin, name);
    target = await putSchedule(writ.sandbox, PROJECT, 'target');
    own = await putSchedule(writ.sandbox, PROJECT, 'own', { ownedBy: 'mallory' });
    elsewhere = await putSchedule(writ.sandbox, OTHER, 'target');
    // Whatever else they may read.
    for (const { subject } of [own, elsewhere, target])
      for (const project of [PROJECT, OTHER])
        await allow(admin, project, subject, [
          { apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['get'] },
        ]);
  });

  const run = (token: string, input: object) =>
    writ.requestsDuring(() =>
      writ.post({ query: RUN_SCHEDULED_SESSION, variables: { input } }, { authorization: `Bearer ${token}` }),
    );
  const inputFor = ({ namespace, name, job }: TestSchedule) => ({
    project: namespace,
    name,
    job: job(),
  });
  const byBackend = (requests: RecordedRequest[]) => requests.filter(({ user }) => user === BACKEND);

  it.each(['alice', 'admin', 'victor', 'mallory', 'backend', 'controller'] as const)(
    'is not for %s, and asks the cluster nothing about its owner',
    async (who) => {
      const { result, requests } = await run(writ.sandbox.identities[who].token, inputFor(target));
      expect(codeOf(result)).toBe('FORBIDDEN');
      expect(requests.map(({ resource }) => resource)).not.toContain('cronjobs');
      expect(requests.map(({ resource }) => resource)).not.toContain('localsubjectaccessreviews');
    },
  );

  it.each<[string, () => [TestSchedule, object]]>([
    ['another schedule of the project', () => [own, inputFor(target)]],
    ['a schedule of the same name in another project', () => [elsewhere, inputFor(target)]],
    ['the schedule, in another project', () => [target, inputFor(elsewhere)]],
  ])('is not for the account of %s', async (_, attempt) => {
    const [{ token }, input] = attempt();
    const { result, requests } = await run(token, input);
    expect(codeOf(result)).toBe('FORBIDDEN');
    expect(byBackend(requests)).toEqual([]);
  });

  it('is not for an account that may read the schedule and has nearly its name', async () => {
    const { uid, name } = target;
    for (const account of [`schedule-${uid}-x`, `x-schedule-${uid}`, `schedule-x${uid}`, uid]) {
      const { token, subject } = await putAccount(writ.sandbox, PROJECT, account);
      await allow(admin, PROJECT, subject, [
        { apiGroups: ['batch'], resources: ['cronjobs'], resourceNames: [name], verbs: ['get'] },
      ]);
      const { result, requests } = await run(token, inputFor(target));
      expect([account, codeOf(result)]).toEqual([account, 'FORBIDDEN']);
      expect(byBackend(requests)).toEqual([]);
    }
  });

  it('is not for the account of a CronJob that is no schedule', async () => {
    const plain = await putSchedule(writ.sandbox, PROJECT, 'plain', {
      labels: { 'ambient-code.io/scheduled-session': undefined },
    });
    const { result, requests } = await run(plain.token, inputFor(plain));
    expect(codeOf(result)).toBe('FORBIDDEN');
    expect(byBackend(requests)).toEqual([]);
  });

  it('is not for the account of a schedule that was deleted, or made again under its name', async () => {
    const old = await putSchedule(writ.sandbox, PROJECT, 'again');
    await admin.must('DELETE', old.path);
    expect(codeOf((await run(old.token, inputFor(old))).result)).toBe('NOT_FOUND');
    await putSchedule(writ.sandbox, PROJECT, 'again');
    const { result, requests } = await run(old.token, inputFor(old));
    expect(codeOf(result)).toBe('FORBIDDEN');
    expect(byBackend(requests)).toEqual([]);
  });

  it('tells nobody what another user may do: whose rights are reviewed is recorded, and not said', async () => {
    const input = { ...inputFor(own), owner: 'admin', user: 'admin' };
    const { result, requests } = await run(own.token, input);
    expect(codeOf(result)).toBe('BAD_USER_INPUT');
    expect(byBackend(requests)).toEqual([]);
    const { result: refused, requests: reviewed } = await run(own.token, inputFor(own));
    expect(codeOf(refused)).toBe('FORBIDDEN');
    expect(byBackend(reviewed).map(({ resource, body }) => [resource, (body as Review).spec.user])).toEqual([
      ['localsubjectaccessreviews', 'mallory'],
    ]);
    expect(refused.text).not.toContain('mallory');
  });

  it('passes the check of who made which call, and would not with a review of somebody else', async () => {
    const { requests } = await run(target.token, inputFor(target));
    const operation = {
      user: target.username,
      backend: BACKEND,
      mutation: 'runScheduledSession',
      namespace: PROJECT,
      schedule: { name: 'target', owner: 'alice' },
    };
    expect(guardViolations(requests, operation)).toEqual([]);
    expect(byBackend(requests).length).toBeGreaterThan(5);
    const violations = [
      guardViolations(requests, { ...operation, schedule: { name: 'target', owner: 'admin' } }),
      guardViolations(requests, { ...operation, schedule: { name: 'other', owner: 'alice' } }),
      guardViolations(requests, { ...operation, schedule: undefined }),
      guardViolations(
        requests.filter(({ resource }) => resource !== 'cronjobs'),
        operation,
      ),
      guardViolations(
        requests.filter(({ resource }) => resource !== 'localsubjectaccessreviews'),
        operation,
      ),
    ];
    for (const said of violations) expect(said).not.toEqual([]);
  });

  it.each([
    ['missing', ''],
    ['malformed', '{"username":"admin","groups":["system:masters"]}'],
    [
      'with fields that nobody knows',
      JSON.stringify({
        username: 'admin',
        uid: '',
        groups: [],
        extra: {},
        reviewedAt: new Date().toISOString(),
        allowed: true,
      }),
    ],
    [
      'too old',
      JSON.stringify({
        username: 'alice',
        uid: '',
        groups: [],
        extra: {},
        reviewedAt: '2020-01-01T00:00:00Z',
      }),
    ],
    [
      'of the future',
      JSON.stringify({
        username: 'alice',
        uid: '',
        groups: [],
        extra: {},
        reviewedAt: '2200-01-01T00:00:00Z',
      }),
    ],
  ])('writes nothing with a record of the owner that is %s', async (reason, owner) => {
    const name = `owned-${reason.replaceAll(' ', '-')}`.slice(0, 40);
    const forged = await putSchedule(writ.sandbox, PROJECT, name, { owner });
    const { result, requests } = await run(forged.token, inputFor(forged));
    expect(codeOf(result)).toBe('FORBIDDEN');
    expect(byBackend(requests)).toEqual([]);
  });

  it('writes nothing when its owner has lost the right', async () => {
    const left = await putSchedule(writ.sandbox, PROJECT, 'left', { owner: { username: 'left' } });
    const { result, requests } = await run(left.token, inputFor(left));
    expect(result.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'create',
      resource: 'agenticsessions',
      namespace: PROJECT,
    });
    expect(byBackend(requests).map(({ resource }) => resource)).toEqual(['localsubjectaccessreviews']);
  });

  it('stops no session with REPLACE but its own, whatever its note names', async () => {
    const replacing = await putSchedule(writ.sandbox, PROJECT, 'replacing', { policy: 'REPLACE' });
    const annotations = { 'ambient-code.io/desired-phase': 'Running' };
    const { metadata } = await putSession(admin, PROJECT, 'of-somebody', { metadata: { annotations } });
    const note = [{ name: metadata.name, uid: metadata.uid }];
    await noteActive(writ.sandbox, replacing, JSON.stringify(note));
    const { result } = await run(replacing.token, inputFor(replacing));
    expect(result.data?.runScheduledSession.outcome).toBe('CREATED');
    const { body } = await admin.get(`${SESSIONS(PROJECT)}/of-somebody`);
    expect(body.metadata.annotations).toEqual(annotations);
  });

  it.each(['../other', 'a/b', '.', '..', '', 'a%2fb', 'UPPER'])(
    'asks the cluster nothing with the name %j',
    async (name) => {
      const { result, requests } = await run(target.token, { project: PROJECT, name, job: `${name}-1` });
      expect(codeOf(result)).toBe('BAD_USER_INPUT');
      expect(requests.filter(({ resource }) => resource === 'cronjobs')).toEqual([]);
    },
  );

  describe('has a proof of who calls that', () => {
    const transport = started(
      DESCRIBE,
      async () => transportTo(writ.sandbox),
      (each) => each.destroy(),
    );
    const authority = () =>
      createScheduleAuthority({
        transport: transport(),
        credential: async () => `Bearer ${writ.sandbox.identities.backend.token}`,
        audit: () => {},
        ownerMaxAgeDays: 90,
      });
    const userOf = ({ token }: { token: string }) =>
      new UserCluster(
        transport(),
        new UserToken(token),
        createRequestScope('attack', new AbortController().signal, 60_000),
      );

    it('is given to the schedule alone', async () => {
      const location = { namespace: PROJECT, name: 'target' };
      const schedule = await identifySchedule(userOf(target), location);
      expect(schedule.cronJob.metadata.uid).toBe(target.uid);
      await expect(identifySchedule(userOf(own), location)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    it('cannot be made, copied, or used in another request or for another grant', async () => {
      const user = userOf(target);
      const { authorizeOwner } = authority();
      const genuine = await identifySchedule(user, { namespace: PROJECT, name: 'target' });
      const before = writ.sandbox.requests.length;
      const forgeries = [
        Object.create(CallingSchedule.prototype),
        Object.create(genuine),
        { ...genuine },
        structuredClone({ ...genuine }),
        new Proxy(genuine, {}),
      ];
      for (const forged of forgeries)
        await expect(authorizeOwner(user, forged, 'runScheduledSession')).rejects.toThrow(TypeError);
      expect(() => new CallingSchedule(Symbol('issuer'), genuine.cronJob, {} as never)).toThrow(TypeError);
      await expect(authorizeOwner(userOf(target), genuine, 'runScheduledSession')).rejects.toThrow(TypeError);
      await expect(authorizeOwner(user, genuine, 'createSession' as never)).rejects.toThrow(TypeError);
      expect(writ.sandbox.requests.slice(before)).toEqual([]);
    });

    it('has the owner as the cluster recorded it, whoever writes into what it shows', async () => {
      const user = userOf(own);
      const schedule = await identifySchedule(user, { namespace: PROJECT, name: 'own' });
      Object.assign(schedule.cronJob.metadata.annotations ?? {}, {
        'ambient-code.io/schedule-owner': JSON.stringify({ username: 'admin' }),
      });
      await expect(authority().authorizeOwner(user, schedule, 'runScheduledSession')).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    });
  });
});

interface Review {
  spec: { user: string };
}
