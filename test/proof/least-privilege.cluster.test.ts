import { afterAll, describe, expect, inject, it } from 'vitest';
import { readAuditLog } from '../cluster/audit-log.ts';
import { baseManifests } from '../cluster/seed.ts';
import { ALL_OPERATIONS, SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { eventually } from '../support/eventually.ts';
import { CORE, JOBS, named, RBAC, SESSION_GROUP, SESSIONS, session } from '../support/objects.ts';
import { CREATE_PROJECT, DELETE_PROJECT, UPDATE_PROJECT } from '../support/project-operations.ts';
import {
  type Atom,
  atomOf,
  atomsOf,
  HELD_BY_API_TO_GRANT,
  type Rule,
  rulesWithout,
} from '../support/rbac-atoms.ts';
import { putSchedule, RUN_SCHEDULED_SESSION, type TestSchedule } from '../support/schedules.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const PROJECT_ROLE = 'writ-backend-project';
const API_ROLE = 'writ-api';
const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** No request says that it uses one of these: the API server asks for them when a project's bindings are created. */
const BOUND: Atom[] = [
  atomOf('bind', RBAC_GROUP, 'clusterroles', 'ambient-project-admin'),
  atomOf('bind', RBAC_GROUP, 'clusterroles', 'writ-backend-project'),
  atomOf('bind', RBAC_GROUP, 'clusterroles', 'writ-controller-project'),
];
/** Those that sessions do not need. */
const FOR_PROJECTS: Atom[] = [
  ...BOUND,
  atomOf('create', '', 'namespaces'),
  atomOf('delete', '', 'namespaces'),
  atomOf('patch', '', 'namespaces'),
];

const REVIEW_OF_OWNERS = atomOf('create', 'authorization.k8s.io', 'localsubjectaccessreviews');
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const CREATE = 'mutation { createSession(input: {project: "demo"}) { session { name } } }';
const STOP = 'mutation ($name: String!) { stopSession(project: "demo", name: $name) { session { name } } }';

const CREATE_SCHEDULE =
  'mutation { createScheduledSession(input: {project: "demo", name: "held", schedule: "0 3 * * *", session: {}}) { __typename } }';
const DELETE_SCHEDULE = 'mutation { deleteScheduledSession(project: "demo", name: "held") { __typename } }';

/** Of a ClusterRole in deploy/. */
function rulesOf(role: string): Rule[] {
  const found = baseManifests().find(
    ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === role,
  );
  return found?.rules as Rule[];
}

describe('the rights of the service account', () => {
  const cluster = inject('cluster');
  const writ = startWrit({ environment: SCHEDULE_SETTINGS });
  const [admin, backend] = [writ.kubernetes('admin'), writ.kubernetes('backend')];
  const given = Object.fromEntries([PROJECT_ROLE, API_ROLE].map((role) => [role, rulesOf(role)]));
  const granted = Object.values(given).flatMap(atomsOf);

  afterAll(async () => {
    for (const [role, rules] of Object.entries(given)) await setRules(role, rules);
  });

  function setRules(role: string, rules: Rule[]) {
    const type = { 'content-type': 'application/merge-patch+json' };
    return admin.must('PATCH', `${ROLES}/${role}`, { rules }, type);
  }

  it('are those that deploy/ installs', async () => {
    for (const [role, rules] of Object.entries(given))
      expect((await admin.must('GET', `${ROLES}/${role}`)).rules).toEqual(rules);
  });

  it('are exactly those that its acts use, and a named few', async () => {
    const schedule = await putSchedule(writ.sandbox, 'demo', 'least');
    const since = readAuditLog(cluster.auditLog).length;
    for (const { query } of ALL_OPERATIONS.filter(({ mutation }) => mutation)) await writ.as('admin', query);
    expect(codeOf(await tick(schedule))).toBeUndefined();
    const used = readAuditLog(cluster.auditLog)
      .slice(since)
      .filter(({ user }) => user.username === cluster.identities.backend.username)
      .map(({ verb, objectRef = {} }) => {
        const { apiGroup = '', resource = '', subresource } = objectRef;
        return atomOf(verb, apiGroup, subresource ? `${resource}/${subresource}` : resource);
      });
    const needed = [...new Set([...used, ...HELD_BY_API_TO_GRANT, ...BOUND])].sort();
    process.stdout.write(
      `the service account holds ${granted.length} rights, of which its acts used ${new Set(used).size}\n`,
    );
    expect([...new Set(granted)].sort()).toEqual(needed);
    expect(granted).toHaveLength(new Set(granted).size);
  });

  it('hold no verb that reads, but those that are held to be granted', () => {
    const reads = granted.filter((atom) => /^(get|list|watch|\*) |\*/.test(atom));
    expect(reads).toEqual(HELD_BY_API_TO_GRANT);
  });

  const tick = ({ name, token, job }: TestSchedule) =>
    writ.post(
      { query: RUN_SCHEDULED_SESSION, variables: { input: { project: 'demo', name, job: job() } } },
      { authorization: `Bearer ${token}` },
    );

  it('include the review of owners, without which no schedule runs', async () => {
    const rules = given[PROJECT_ROLE] ?? [];
    const schedule = await putSchedule(writ.sandbox, 'demo', 'reviewed');
    await setRules(PROJECT_ROLE, rulesWithout(rules, REVIEW_OF_OWNERS));
    try {
      const backendReviews = {
        verb: 'create',
        group: 'authorization.k8s.io',
        resource: 'localsubjectaccessreviews',
      };
      await eventually(async () => {
        const spec = { resourceAttributes: { ...backendReviews, namespace: 'demo' } };
        const { body } = await backend.post(ACCESS_REVIEWS, { spec });
        expect(body.status.allowed).toBe(false);
      });
      expect(codeOf(await tick(schedule))).toBe('UNAVAILABLE');
    } finally {
      await setRules(PROJECT_ROLE, rules);
    }
    await eventually(async () => expect(codeOf(await tick(schedule))).toBeUndefined());
  });

  const removable = Object.entries(given).flatMap(([role, rules]) =>
    atomsOf(rules)
      .filter((atom) => !atom.includes('cronjobs') && atom !== REVIEW_OF_OWNERS)
      .map((atom) => ({ role, rules, atom })),
  );

  /** The API server takes a changed role up within moments. */
  async function expectNeeded(
    { role, rules, atom }: (typeof removable)[number],
    run: () => Promise<unknown>,
  ) {
    await setRules(role, rulesWithout(rules, atom));
    try {
      await eventually(async () => expect(await run()).toBe('FORBIDDEN'));
    } finally {
      await setRules(role, rules);
    }
    await eventually(async () => expect(await run()).toBeUndefined());
  }

  it.each(removable.filter(({ atom }) => !FOR_PROJECTS.includes(atom)))(
    'include $atom, without which a session cannot be created or not be stopped',
    async (removed) => {
      await expectNeeded(removed, async () => {
        const created = await writ.as('alice', CREATE);
        if (created.errors) return codeOf(created);
        const { name } = created.data.createSession.session;
        return codeOf(await writ.as('alice', STOP, { name }));
      });
    },
  );

  let projects = 0;
  it.each(removable.filter(({ atom }) => FOR_PROJECTS.includes(atom)))(
    'include $atom, without which a project cannot be created, not be changed or not be deleted',
    async (removed) => {
      await expectNeeded(removed, async () => {
        projects += 1;
        const name = `least-privilege-${projects}`;
        const created = codeOf(await writ.as('alice', CREATE_PROJECT, { input: { name } }));
        if (created) return created;
        const input = { name, displayName: 'changed' };
        const updated = codeOf(await writ.as('alice', UPDATE_PROJECT, { input }));
        return updated ?? codeOf(await writ.as('alice', DELETE_PROJECT, { name }));
      });
    },
  );

  it.each(atomsOf(given[PROJECT_ROLE] ?? []).filter((atom) => atom.includes('cronjobs')))(
    'include %s, without which a scheduled session cannot be created or not be deleted',
    async (atom) => {
      const rules = given[PROJECT_ROLE] ?? [];
      const run = async () => {
        const created = await writ.as('alice', CREATE_SCHEDULE);
        const deleted = await writ.as('alice', DELETE_SCHEDULE);
        return [codeOf(created), codeOf(deleted)];
      };
      await setRules(PROJECT_ROLE, rulesWithout(rules, atom));
      try {
        await eventually(async () => expect(await run()).toContain('FORBIDDEN'));
      } finally {
        await setRules(PROJECT_ROLE, rules);
      }
      // What was left half-made can be deleted.
      await eventually(async () => expect(await run()).toEqual([undefined, undefined]));
    },
  );

  it('do not reach a namespace that is not managed', async () => {
    const attempts: [string, object][] = [
      [SESSIONS('default'), session('x')],
      [CORE('default', 'secrets'), named('x')],
      [CORE('default', 'serviceaccounts'), named('x')],
      [JOBS('default'), named('x')],
      [RBAC('default', 'roles'), named('x', { rules: [] })],
    ];
    for (const [path, object] of attempts) {
      expect([path, (await backend.post(path, object)).status]).toEqual([path, 403]);
    }
  });

  it('do not mint a token of kube-system, nor of Writ itself', async () => {
    for (const account of [
      'kube-system/serviceaccounts/generic-garbage-collector',
      'writ-system/serviceaccounts/writ-api',
    ]) {
      const { status } = await backend.post(`/api/v1/namespaces/${account}/token`, { spec: {} });
      expect([account, status]).toEqual([account, 403]);
    }
  });

  it('read no secret and no session, not even in a project', async () => {
    for (const path of [
      CORE('demo', 'secrets'),
      '/api/v1/secrets',
      SESSIONS('demo'),
      `/apis/${SESSION_GROUP}/v1alpha1/agenticsessions`,
      CORE('demo', 'pods'),
    ]) {
      expect([path, (await backend.get(path)).status]).toEqual([path, 403]);
    }
  });
});
