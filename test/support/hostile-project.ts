import { CRON_JOBS, projectSettings, RBAC, SETTINGS } from './objects.ts';
import { putEvent, putJob, putPod, putProject, putSession } from './put-objects.ts';
import { CREATE_SCHEDULE } from './schedule-operations.ts';
import type { startWrit } from './writ.ts';

const GRANT = 'mutation ($input: GrantAccessInput!) { grantAccess(input: $input) { __typename } }';
const ISSUE = 'mutation ($input: CreateAccessKeyInput!) { createAccessKey(input: $input) { __typename } }';

/** Sets `window.attacked` where it is taken for HTML. */
const IMAGE = '<img src=x onerror="attacked=1">';
/** Ways out of an attribute, a script and a string. */
const MARKUP = `"><svg onload="attacked=1"></script><script>attacked=1</script>'-attacked=1-'`;
/** A terminal's link, and a mark that reverses what follows, which Writ itself would not accept. */
const TERMINAL = '\u001b]8;;javascript:attacked=1\u0007x\u001b]8;;\u0007\u202e';

/** How the text of a field is seen where it is shown as text. */
export const seen = (field: string) => `${IMAGE} ${field}:`;
const accepted = (field: string) => `${seen(field)} ${MARKUP}`;
const attack = (field: string) => `${accepted(field)} ${TERMINAL}`;

/** Addresses that would run a script, however they are read. */
const SCRIPT_URLS = [
  'javascript:attacked=1',
  ' JavaScript:attacked=1',
  'java\tscript:attacked=1',
  'data:text/html,<script>parent.attacked=1</script>',
  'https://example.com/" onmouseover="attacked=1',
];

export const HOSTILE = { project: 'hostile', session: 'hostile-session', schedule: 'hostile-schedule' };

/**
 * A project whose texts are all attempts to run a script in the page of who looks at it. Mallory is its admin. Kubernetes itself
 * would refuse some of them, which the sandbox accepts: cron expressions, time zones, and names of containers, nodes and
 * service accounts that are subjects.
 */
export async function putHostileProject(writ: ReturnType<typeof startWrit>): Promise<void> {
  const admin = writ.kubernetes('admin');
  const { project } = HOSTILE;
  const annotations = {
    'openshift.io/display-name': attack('project'),
    'openshift.io/description': attack('project description'),
  };
  await putProject(admin, project, { annotations });
  const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole' };
  // The name of a binding is any segment of a path.
  await admin.create(RBAC(project, 'rolebindings'), {
    metadata: { name: seen('binding') },
    roleRef: { ...role, name: 'ambient-project-admin' },
    subjects: [
      { apiGroup: role.apiGroup, kind: 'User', name: 'mallory' },
      { apiGroup: role.apiGroup, kind: 'Group', name: attack('group') },
      { kind: 'ServiceAccount', namespace: project, name: attack('service account') },
    ],
  });
  await putSettings(writ);
  await putSessions(writ);
  await putSchedule(writ);
  await must(writ, GRANT, { subjectKind: 'USER', subjectName: accepted('user'), role: 'VIEW' });
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  await must(writ, ISSUE, { name: 'key', description: accepted('key description'), role: 'VIEW', expiresAt });
  await admin.patch(`${RBAC(project, 'rolebindings')}/access-key-key`, {
    metadata: { annotations: { 'ambient-code.io/requested-by': attack('key creator') } },
  });
}

async function must({ as }: ReturnType<typeof startWrit>, query: string, input: object): Promise<void> {
  const { errors } = await as('admin', query, { input: { project: HOSTILE.project, ...input } });
  if (errors) throw new Error(JSON.stringify(errors));
}

async function putSettings({ kubernetes }: ReturnType<typeof startWrit>): Promise<void> {
  const repositories = SCRIPT_URLS.map((url) => ({
    url,
    branch: attack('settings branch'),
    provider: seen('git host'),
  }));
  const settings = projectSettings({
    repositories,
    groupAccess: [{ groupName: attack('settings group'), role: 'view' }],
    runnerSecretsName: attack('secret name'),
    mcpServers: { custom: { [attack('server')]: { url: SCRIPT_URLS[0] } } },
  });
  await kubernetes('admin').create(SETTINGS(HOSTILE.project), settings);
}

async function putSessions({ kubernetes, sandbox }: ReturnType<typeof startWrit>): Promise<void> {
  const admin = kubernetes('admin');
  const { project, session } = HOSTILE;
  const time = new Date().toISOString();
  const condition = {
    type: seen('condition'),
    status: 'False',
    reason: attack('condition reason'),
    message: attack('condition message'),
    lastTransitionTime: time,
  };
  const status = {
    phase: 'Failed',
    startTime: time,
    conditions: [condition],
    reconciledRepos: SCRIPT_URLS.map((url) => ({
      url,
      currentActiveBranch: attack('active branch'),
      status: 'Failed',
    })),
  };
  const spec = {
    displayName: attack('session'),
    initialPrompt: attack('prompt'),
    llmSettings: { model: attack('model') },
    repos: SCRIPT_URLS.map((url) => ({ url, branch: attack('branch') })),
    environmentVariables: { [attack('variable')]: attack('value of a variable') },
    activeWorkflow: {
      gitUrl: SCRIPT_URLS[0],
      branch: attack('workflow branch'),
      path: attack('workflow path'),
    },
  };
  const parent = { 'vteam.ambient-code/parent-session-id': 'hostile-parent' };
  const child = { 'vteam.ambient-code/parent-session-id': session };
  await putSession(admin, project, 'hostile-parent', { spec: { displayName: attack('parent') } });
  await putSession(admin, project, 'hostile-child', {
    metadata: { annotations: child },
    spec: { displayName: attack('child') },
  });
  const annotations = { ...parent, 'example.com/note': attack('annotation') };
  const stored = await putSession(admin, project, session, { metadata: { annotations }, spec, status });
  const { apiVersion, metadata } = stored;
  await putEvent(admin, stored, {
    reason: attack('event reason'),
    message: attack('event message'),
    involvedObject: {
      apiVersion,
      kind: attack('event kind'),
      name: attack('event name'),
      namespace: project,
      uid: metadata.uid,
    },
  });
  const reasons = { reason: attack('container reason'), message: attack('container message') };
  const container = { image: 'i', imageID: '', ready: false, restartCount: 1 };
  const pod = await putPod(admin, await putJob(admin, stored), {
    spec: { nodeName: attack('node') },
    status: {
      phase: 'Failed',
      reason: attack('pod reason'),
      message: attack('pod message'),
      containerStatuses: [
        { ...container, name: 'runner', state: { terminated: { exitCode: 1, ...reasons } } },
        { ...container, name: attack('container'), state: { waiting: reasons } },
      ],
    },
  });
  sandbox.logs?.append(pod.metadata.uid, 'runner', attack('log'));
}

async function putSchedule(writ: ReturnType<typeof startWrit>): Promise<void> {
  const admin = writ.kubernetes('admin');
  const { project, schedule } = HOSTILE;
  await must(writ, CREATE_SCHEDULE, { name: schedule, schedule: '0 9 * * 1-5', session: {} });
  const path = `${CRON_JOBS(project)}/${schedule}`;
  const template = {
    displayName: attack('template name'),
    initialPrompt: attack('template prompt'),
    llmSettings: { model: attack('template model') },
    repos: SCRIPT_URLS.map((url) => ({ url, branch: attack('template branch') })),
    environmentVariables: [{ key: attack('template variable'), value: attack('template value') }],
  };
  const owner = {
    username: attack('schedule owner'),
    uid: '',
    groups: [],
    extra: {},
    reviewedAt: new Date().toISOString(),
  };
  const { status, body } = await admin.patch(path, {
    metadata: {
      annotations: {
        'openshift.io/display-name': attack('schedule'),
        'ambient-code.io/schedule-owner': JSON.stringify(owner),
        'ambient-code.io/session-template': JSON.stringify(template),
        'ambient-code.io/suspended-reason': attack('suspended reason'),
      },
    },
    spec: { suspend: true, schedule: attack('cron expression'), timeZone: attack('time zone') },
  });
  if (status >= 300) throw new Error(body.message);
}
