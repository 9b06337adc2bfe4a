import { beforeAll, describe, expect, it } from 'vitest';
import { controlledBy, ownedBy } from '../support/objects.ts';
import { putEvent, putJob, putOperatorPod, putPod, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const READ = `{ session(project: "claimed", name: "victim") { pods { name } events { reason } logs } }`;
const PAGE = `{ project(name: "claimed") { sessions { nodes { name pods { name } events { reason } logs } } } }`;
const FOLLOW = 'subscription { sessionLogs(project: "claimed", name: "victim") { lines { text } } }';

describe.each(['job', 'operator'])('a pod that claims to be of a session, with WRIT_RUNNER=%s', (mode) => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_RUNNER: mode } });
  const admin = writ.kubernetes('admin');
  const names: string[] = [];

  beforeAll(async () => {
    await putProject(admin, 'claimed');
    const victim = await putSession(admin, 'claimed', 'victim', { status: { phase: 'Completed' } });
    const other = await putSession(admin, 'claimed', 'other');
    const { uid } = victim.metadata;
    const labels = { 'agentic-session': 'victim' };
    const job = await putJob(admin, other);
    const former = {
      ...victim,
      metadata: { ...victim.metadata, uid: '00000000-0000-4000-8000-000000000000' },
    };
    const claims: Record<string, object> = {
      'no-owner': { ownerReferences: [] },
      'owned-but-not-controlled': ownedBy(victim),
      'not-a-controller': ownedBy(victim, { controller: false }),
      // The garbage collector would delete it.
      'of-a-former-session-of-the-name': { ...controlledBy(former), finalizers: ['example.org/hold'] },
      'of-a-job-of-another-session': controlledBy(job),
      'of-another-session': controlledBy(other),
      'also-owned': {
        ownerReferences: [...ownedBy(victim).ownerReferences, ...controlledBy(other).ownerReferences],
      },
      'uid-in-labels': { ...controlledBy(other), labels: { ...labels, 'ambient-code.io/session-uid': uid } },
    };
    for (const [name, claim] of Object.entries(claims)) {
      const pod = await putPod(admin, victim, { metadata: { name, labels, ...claim } });
      await putEvent(admin, pod, { reason: 'Claimed' });
      names.push(name);
    }
  });

  it('is not shown, nor its events and log: the label narrows, and the UID of the controller proves', async () => {
    const { data, errors } = await writ.as('victor', READ);
    expect(errors).toBeUndefined();
    expect(data.session).toEqual({ pods: [], events: [], logs: null });
    const page = await writ.as('victor', PAGE);
    const [other, victim] = page.data.project.sessions.nodes;
    expect(victim).toEqual({ name: 'victim', pods: [], events: [], logs: null });
    // Those that it controls do not have its name as their label.
    expect(other).toEqual({ name: 'other', pods: [], events: [], logs: null });
  });

  it.each(['no-owner', 'of-another-session'])('is not read as a pod by its name: %s', async (pod) => {
    const query = `{ session(project: "claimed", name: "victim") { logs(pod: "${pod}") } }`;
    const { errors } = await writ.as('victor', query);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'pod' }] } }]);
  });

  it('is not followed', async () => {
    const { result, requests } = await writ.requestsDuring(async () => {
      const stream = await writ.subscribe('victor', FOLLOW);
      await expect(stream.next()).rejects.toThrow('the stream has ended');
    });
    expect(result).toBeUndefined();
    expect(requests.filter(({ path }) => path.includes('/log'))).toEqual([]);
  });

  it('does not keep a pod of the session from being shown', async () => {
    const session = await putSession(admin, 'claimed', 'with-one');
    await putPod(admin, session, { metadata: { name: 'without-label' } });
    const own = await putOperatorPod(admin, session);
    const { data } = await writ.as('victor', READ.replace('victim', 'with-one'));
    expect(data.session.pods).toEqual([{ name: own.metadata.name }]);
    expect(names.length).toBeGreaterThan(5);
  });
});
