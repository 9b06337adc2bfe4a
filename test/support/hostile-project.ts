import type { KubernetesClient } from './kubernetes-client.ts';
import { containerStatuses, projectSettings, SETTINGS } from './objects.ts';
import { bind, putEvent, putJob, putPod, putProject, putSession } from './put-objects.ts';

/** What sets `window.attacked` where it is taken for HTML, a script or an address. */
const ATTACKS = [
  '<img src=x onerror="attacked=1">',
  '"><svg onload="attacked=1">',
  '</script><script>attacked=1</script>',
  "'-attacked=1-'",
  '<iframe srcdoc="<script>parent.attacked=1</script>"></iframe>',
  // A terminal's escapes, and marks that reverse what follows.
  '\u001b]8;;javascript:attacked=1\u0007x\u001b]8;;\u0007\u202e',
].join(' ');
export const SCRIPT_URL = 'javascript:attacked=1';
export const HOSTILE = { project: 'hostile', session: 'hostile-session' };

/** How a text begins that a page shows. */
export const SHOWN = '<img src=x onerror="attacked=1">';

/** A project whose texts are all attempts to run a script in the page of who looks at it. */
export async function putHostileProject(admin: KubernetesClient): Promise<void> {
  const { project, session } = HOSTILE;
  const annotations = {
    'openshift.io/display-name': ATTACKS,
    'openshift.io/description': ATTACKS,
    'example.com/note': ATTACKS,
  };
  await putProject(admin, project, { annotations });
  const user = { kind: 'User', name: ATTACKS };
  await bind(admin, project, 'ClusterRole/ambient-project-view', user);
  await admin.create(
    SETTINGS(project),
    projectSettings({ repositories: [{ url: SCRIPT_URL, branch: ATTACKS }] }),
  );
  const time = new Date().toISOString();
  const status = {
    phase: 'Failed',
    startTime: time,
    conditions: [
      { type: 'Ready', status: 'False', reason: 'RunnerFailed', message: ATTACKS, lastTransitionTime: time },
    ],
    reconciledRepos: [{ url: SCRIPT_URL, branch: ATTACKS, status: 'Failed' }],
  };
  const spec = {
    displayName: ATTACKS,
    initialPrompt: ATTACKS,
    llmSettings: { model: ATTACKS },
    repos: [{ url: SCRIPT_URL, branch: ATTACKS }],
    environmentVariables: { ATTACK: ATTACKS },
  };
  const stored = await putSession(admin, project, session, { metadata: { annotations }, spec, status });
  await putEvent(admin, stored, { reason: ATTACKS, message: ATTACKS });
  const job = await putJob(admin, stored);
  const waiting = { waiting: { reason: ATTACKS, message: ATTACKS } };
  const pod = { phase: 'Pending', message: ATTACKS, ...containerStatuses(waiting) };
  await putPod(admin, job, { status: pod });
}
