import { describe, expect, it } from 'vitest';
import { baseManifests } from '../../cluster/seed.ts';
import { SESSIONS } from '../../support/objects.ts';
import { type Atom, atomOf, atomsOf, type Rule } from '../../support/rbac-atoms.ts';
import { startWrit } from '../../support/writ.ts';
import { merge, startPolicies, WRITS } from './fixture.ts';

const CHANGES = 'a patch by Writ changes the object';
const STORED = 'Writ changes objects without dry runs';
const STOP = `mutation ($name: String!) { stopSession(project: "demo", name: $name) {
  session { phase stoppedReason }
} }`;
const CREATE = 'mutation { createSession(input: {project: "demo"}) { session { name } } }';

describe("Writ's patches", () => {
  const { asked, sessionPath } = startPolicies();
  const now = () => ({ [`${WRITS}stop-requested-at`]: new Date().toISOString() });
  const stop = () => ({ metadata: { annotations: { [`${WRITS}desired-phase`]: 'Stopped', ...now() } } });
  const status = (phase: string) => ({ status: { phase } });

  it('are all subject to the policy that they change something', () => {
    const manifests = baseManifests();
    const rulesOf = (name: string) =>
      manifests.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name)
        ?.rules as Rule[];
    const mayPatch = ['writ-api', 'writ-backend-project', 'writ-controller', 'writ-controller-project']
      .flatMap((name) => atomsOf(rulesOf(name)))
      .filter((atom) => /^(patch|update|\*) /.test(atom));
    const policy = manifests.find(({ metadata }) => metadata.name === 'writ-patches');
    // biome-ignore lint/suspicious/noExplicitAny: a manifest
    const matched = (policy as any).spec.matchConstraints.resourceRules.flatMap(
      ({ apiGroups, resources }: { apiGroups: string[]; resources: string[] }): Atom[] =>
        resources.map((resource) => atomOf('patch', apiGroups[0] ?? '', resource)),
    );
    expect(new Set(mayPatch)).toEqual(new Set(matched));
  });

  it.each(['backend', 'controller'] as const)(
    'are refused to the %s where they change nothing',
    async (who) => {
      const patch = (body: object, path = sessionPath) => asked(who, 'PATCH', path, body, merge);
      const own = `${sessionPath}/status`;
      const body = stop();
      expect(await patch(body)).toBe('done');
      expect(await patch(body)).toBe(CHANGES);
      expect(await patch({})).toBe(CHANGES);
      expect(await patch({ metadata: { managedFields: [{}] } })).toBe(CHANGES);
      expect(await patch(stop())).toBe('done');
      const phase = status(who === 'backend' ? 'Stopping' : 'Stopped');
      expect(await patch(phase, own)).toBe('done');
      expect(await patch(phase, own)).toBe(CHANGES);
      expect(await patch({}, own)).toBe(CHANGES);
      expect(await patch({ metadata: { annotations: { note: 'x' } } }, own)).toBe(CHANGES);
    },
  );

  it.each(['backend', 'controller'] as const)(
    'are refused to the %s where they are not stored',
    async (who) => {
      const dry = (path: string, body: object) => asked(who, 'PATCH', `${path}?dryRun=All`, body, merge);
      expect(await dry(sessionPath, stop())).toBe(STORED);
      expect(await dry(`${sessionPath}/status`, status('Running'))).toBe(STORED);
    },
  );

  it.each(['admin', 'alice'] as const)('are no matter of others: %s may change nothing', async (who) => {
    expect(await asked(who, 'PATCH', sessionPath, {}, merge)).toBe('done');
  });
});

describe('a stop whose status is there already', () => {
  const writ = startWrit();
  const admin = writ.sandbox.as('admin');

  it('is no error, and answers with the status', async () => {
    const created = await writ.as('alice', CREATE);
    const { name } = created.data.createSession.session;
    const fields = { phase: 'Stopping', stoppedReason: 'user' };
    await admin.patch(`${SESSIONS('demo')}/${name}/status`, { status: fields });
    const { data, errors } = await writ.as('alice', STOP, { name });
    expect(errors).toBeUndefined();
    expect(data.stopSession.session).toEqual({ phase: 'STOPPING', stoppedReason: 'user' });
  });
});
