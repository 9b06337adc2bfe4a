import type { AnyObject, Spoil } from './fixture.ts';

const pod = (cronJob: AnyObject) => cronJob.spec.jobTemplate.spec.template.spec;
const container = (cronJob: AnyObject) => pod(cronJob).containers[0];

const NEW = /^Writ creates scheduled sessions suspended/;
const LABELLED = /^Writ writes only CronJobs with the label/;
const JOB = /^the Job of a scheduled session/;
const COMMAND = /^the pod of a scheduled session has one container/;
const VALUES = /^the pod of a scheduled session takes no values/;
const TOKEN = /^the pod of a scheduled session mounts its own token/;
const PRIVILEGES = /^the pod of a scheduled session has no privileges/;

/** What makes a new schedule one that Writ may not create, and how it is refused. */
export const FORGED_TRIGGERS: Record<string, [Spoil, RegExp]> = {
  'has no label': [({ metadata }) => delete metadata.labels['ambient-code.io/scheduled-session'], LABELLED],
  'runs at once': [({ spec }) => (spec.suspend = false), NEW],
  'runs as another account': [(cronJob) => (pod(cronJob).serviceAccountName = 'default'), NEW],
  'has an owner': [
    ({ metadata }) => {
      metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }];
    },
    NEW,
  ],
  'cannot be deleted': [({ metadata }) => (metadata.finalizers = ['example.com/held']), NEW],
  'has annotations of others': [
    ({ metadata }) => (metadata.annotations.note = 'x'),
    /^Writ annotates scheduled sessions only/,
  ],
  'has no deadline': [({ spec }) => delete spec.jobTemplate.spec.activeDeadlineSeconds, JOB],
  'is run in parallel': [({ spec }) => (spec.jobTemplate.spec.parallelism = 50), JOB],
  'has other labels': [({ spec }) => (spec.jobTemplate.spec.template.metadata.labels.app = 'web'), JOB],
  'runs another command': [(cronJob) => (container(cronJob).command = ['sh']), COMMAND],
  'has other arguments': [(cronJob) => (container(cronJob).args = ['serve']), COMMAND],
  'has a second container': [
    (cronJob) => pod(cronJob).containers.push({ ...container(cronJob), name: 'second' }),
    COMMAND,
  ],
  'is on the network of its host': [(cronJob) => (pod(cronJob).hostNetwork = true), COMMAND],
  'chooses its node': [(cronJob) => (pod(cronJob).nodeName = 'node-1'), COMMAND],
  'opens ports': [(cronJob) => (container(cronJob).ports = [{ containerPort: 80, hostPort: 80 }]), COMMAND],
  'has the environment of a Secret': [
    (cronJob) => (container(cronJob).envFrom = [{ secretRef: { name: 'ambient-runner-secrets' } }]),
    COMMAND,
  ],
  'has a value of a Secret': [
    (cronJob) =>
      container(cronJob).env.push({ name: 'X', valueFrom: { secretKeyRef: { name: 'some', key: 'k' } } }),
    VALUES,
  ],
  'mounts a Secret': [
    (cronJob) => pod(cronJob).volumes.push({ name: 'secret', secret: { secretName: 'some' } }),
    TOKEN,
  ],
  'mounts a directory of its host': [
    (cronJob) => pod(cronJob).volumes.push({ name: 'host', hostPath: { path: '/' } }),
    TOKEN,
  ],
  'projects a Secret': [
    (cronJob) => pod(cronJob).volumes[0].projected.sources.push({ secret: { name: 'some' } }),
    TOKEN,
  ],
  'has a token for somebody else': [
    (cronJob) => {
      pod(cronJob).volumes[0].projected.sources[0].serviceAccountToken.audience = 'sts.amazonaws.com';
    },
    TOKEN,
  ],
  'may run as root': [(cronJob) => (pod(cronJob).securityContext.runAsNonRoot = false), PRIVILEGES],
  'may gain privileges': [
    (cronJob) => (container(cronJob).securityContext.allowPrivilegeEscalation = true),
    PRIVILEGES,
  ],
  'has capabilities': [
    (cronJob) => (container(cronJob).securityContext.capabilities = { drop: ['ALL'], add: ['NET_ADMIN'] }),
    PRIVILEGES,
  ],
};

const OWNED = /have one owner, the CronJob|Writ binds only/;
const ROLE = /^the Role of a scheduled session allows get/;
const BOUND = /^Writ binds only/;

/** What makes an object of a schedule's account one that Writ may not create, and how it is refused. */
export const FORGED_ACCOUNTS: ['ServiceAccount' | 'Role' | 'RoleBinding', string, Spoil, RegExp][] = [
  ...(['ServiceAccount', 'Role', 'RoleBinding'] as const).flatMap(
    (kind): (typeof FORGED_ACCOUNTS)[number][] => [
      [kind, 'has no owner', ({ metadata }) => delete metadata.ownerReferences, OWNED],
      [kind, 'has another owner', ({ metadata }) => (metadata.ownerReferences[0].uid = 'x'), OWNED],
      [kind, 'is owned by a Job', ({ metadata }) => (metadata.ownerReferences[0].kind = 'Job'), OWNED],
      [kind, 'has another name', ({ metadata }) => (metadata.name = 'schedule-mine'), OWNED],
    ],
  ),
  [
    'ServiceAccount',
    'mounts its token',
    (account) => (account.automountServiceAccountToken = true),
    /not have its token/,
  ],
  [
    'ServiceAccount',
    'has a role of a cloud',
    ({ metadata }) => (metadata.annotations['eks.amazonaws.com/role-arn'] = 'x'),
    /only with keys of ambient-code.io/,
  ],
  ['Role', 'may list', ({ rules }) => rules[0].verbs.push('list'), ROLE],
  ['Role', 'may get others', ({ rules }) => (rules[0].resourceNames = ['other']), ROLE],
  ['Role', 'may get all', ({ rules }) => delete rules[0].resourceNames, ROLE],
  ['Role', 'may get Jobs', ({ rules }) => (rules[0].resources = ['jobs']), ROLE],
  ['RoleBinding', 'binds a ClusterRole', ({ roleRef }) => (roleRef.kind = 'ClusterRole'), BOUND],
  ['RoleBinding', 'is for another account', ({ subjects }) => (subjects[0].name = 'default'), BOUND],
  ['RoleBinding', 'is for another namespace', ({ subjects }) => (subjects[0].namespace = 'default'), BOUND],
];
