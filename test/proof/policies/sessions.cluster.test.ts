import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { baseManifests } from '../../cluster/seed.ts';
import { eventually } from '../../support/eventually.ts';
import { SESSIONS, session } from '../../support/objects.ts';
import { type AnyObject, type Client, merge, PROJECT, startPolicies, userContext, WRITS } from './fixture.ts';

describe('the policies of deploy/', () => {
  const policies = startPolicies();
  const { admin, asked, sessionPath } = policies;

  it('are without fault to the API server', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    // In force as it is stored: each has been looked at, and nothing was found.
    const read = async () =>
      (await admin.get(path)).body.items.map(({ metadata, status }: AnyObject) => ({
        isObserved: status?.observedGeneration === metadata.generation,
        typeChecking: status?.typeChecking,
      }));
    const observed = { isObserved: true, typeChecking: {} };
    const installed = baseManifests().filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
    await eventually(async () => expect(await read()).toEqual(installed.map(() => observed)));
  });

  describe('on the origin of sessions', () => {
    const SET = 'spec.userContext is set by Writ alone';
    const ANNOTATED = /^the annotations .* are set by Writ alone$/;

    it.each(['admin', 'alice'] as const)('let %s create a session that says nothing of it', async (who) => {
      expect(await asked(who, 'POST', SESSIONS(PROJECT), session('plain'))).toBe('done');
    });

    it.each(['admin', 'alice'] as const)('let nobody but Writ set it, %s neither', async (who) => {
      const create = (metadata: object, spec = {}) =>
        asked(
          who,
          'POST',
          SESSIONS(PROJECT),
          session('forged', { metadata: { name: 'forged', ...metadata }, spec }),
        );
      expect(await create({}, { userContext })).toBe(SET);
      for (const key of ['requested-by', 'request-id', 'input-digest'])
        expect(await create({ annotations: { [`${WRITS}${key}`]: 'x' } }), key).toMatch(ANNOTATED);
    });

    it.each(['admin', 'alice'] as const)('let nobody change or remove it, %s neither', async (who) => {
      const patch = (body: object) => asked(who, 'PATCH', sessionPath, body, merge);
      expect(await patch({ spec: { timeout: 60 } })).toBe('done');
      expect(await patch({ spec: { userContext: { userId: 'mallory' } } })).toBe(SET);
      expect(await patch({ spec: { userContext: null } })).toBe(SET);
      for (const value of ['mallory', null])
        expect(await patch({ metadata: { annotations: { [`${WRITS}requested-by`]: value } } })).toMatch(
          ANNOTATED,
        );
    });
  });

  describe('on sessions that are there', () => {
    const annotate = (who: Client, annotations: Record<string, string | null>) =>
      asked(who, 'PATCH', sessionPath, { metadata: { annotations } }, merge);
    // Another value each time: Writ's patches have to change something.
    const own = (...keys: string[]) =>
      Object.fromEntries(keys.map((key) => [`${WRITS}${key}`, randomUUID()]));
    // Others may be quicker to refuse: Kubernetes' own for owners, and those on origin and deletion.
    const REFUSED =
      /^(on an existing session, Writ changes only|only those who may delete|403 .* ownerRef|.* set by Writ alone$)/;

    it('let Writ start and stop them', async () => {
      const desired = { [`${WRITS}desired-phase`]: 'Running' };
      expect(await annotate('backend', { ...desired, ...own('start-requested-at') })).toBe('done');
      const stopped = { [`${WRITS}desired-phase`]: 'Stopped' };
      expect(await annotate('backend', { ...stopped, ...own('stop-requested-at') })).toBe('done');
      expect(
        await annotate('controller', { ...stopped, ...own('stop-requested-at', 'stopped-inactive-at') }),
      ).toBe('done');
    });

    it('let the controller start none', async () => {
      const said = "Writ's controller stops sessions and starts none";
      expect(await annotate('controller', { [`${WRITS}desired-phase`]: 'Running' })).toBe(said);
      expect(await annotate('controller', { [`${WRITS}desired-phase`]: null })).toBe(said);
      expect(
        await annotate('controller', { [`${WRITS}desired-phase`]: 'Stopped', ...own('start-requested-at') }),
      ).toMatch(REFUSED);
    });

    it.each(['backend', 'controller'] as const)('let the %s change nothing else', async (who) => {
      const stop = { annotations: { [`${WRITS}desired-phase`]: 'Stopped' } };
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: policies.uid };
      const patches = [
        { metadata: stop, spec: { timeout: 60 } },
        { metadata: stop, spec: { userContext: null } },
        { metadata: stop, spec: { initialPrompt: 'other' } },
        { metadata: { ...stop, labels: { team: 'b' } } },
        { metadata: { ...stop, ownerReferences: [owner] } },
        { metadata: { ...stop, finalizers: ['writ.test/hold'] } },
        { metadata: { annotations: { ...stop.annotations, note: 'c' } } },
        { metadata: { annotations: { ...stop.annotations, note: null } } },
        { metadata: { annotations: { ...stop.annotations, [`${WRITS}requested-by`]: 'mallory' } } },
      ];
      for (const patch of patches)
        expect([patch, await asked(who, 'PATCH', sessionPath, patch, merge)]).toEqual([
          patch,
          expect.stringMatching(REFUSED),
        ]);
    });

    it('let the backend set stopped-inactive-at as little as anything else', async () => {
      expect(await annotate('backend', own('stopped-inactive-at'))).toMatch(REFUSED);
    });
  });
});
