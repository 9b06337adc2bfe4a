import type { AnyObject, Spoil } from './fixture.ts';
import { type Forgery, forge } from './forged-objects.ts';

const pod = (object: AnyObject) => object.spec.template.spec;
export const container = (object: AnyObject) => pod(object).containers[0];

/** The first of its volumes that is one. */
const emptyDir = (object: AnyObject) =>
  pod(object).volumes.find((volume: AnyObject) => volume.emptyDir).emptyDir;
const SESSION_UID = 'ambient-code.io/session-uid';

const withSpec =
  (fields: object): Spoil =>
  ({ spec }) =>
    Object.assign(spec, fields);
const withPod =
  (fields: object): Spoil =>
  (job) =>
    Object.assign(pod(job), fields);
const withContainer =
  (fields: object): Spoil =>
  (job) =>
    Object.assign(container(job), fields);
const withSecurity =
  (fields: object): Spoil =>
  (job) =>
    Object.assign(pod(job).securityContext, fields);
const withOwnSecurity =
  (fields: object): Spoil =>
  (job) =>
    Object.assign(container(job).securityContext, fields);
const withLabels =
  (labels: object): Spoil =>
  (job) =>
    Object.assign(job.spec.template.metadata.labels, labels);
const toleration = { operator: 'Exists' };
const controlPlane = 'node-role.kubernetes.io/control-plane';
const onControlPlane = { matchExpressions: [{ key: controlPlane, operator: 'Exists' }] };
const unconfined = { type: 'Unconfined' };
const httpGet = { host: '169.254.169.254', port: 80 };

export const FORGED_JOBS: Forgery[] = [
  ...forge('Job', /^the Job of a run creates one pod/, [
    ['without a deadline', ({ spec }) => delete spec.activeDeadlineSeconds],
    ['with a deadline of more than seven days', withSpec({ activeDeadlineSeconds: 604_801 })],
    ['of many pods', withSpec({ parallelism: 1000, completions: 1000 })],
    ['of many pods at once', withSpec({ parallelism: 1000, completions: 1 })],
    ['of many pods in turn', withSpec({ completions: 1000 })],
    ['of a work queue', withSpec({ parallelism: 1, completions: null })],
    ['of numbered pods', withSpec({ completionMode: 'Indexed' })],
    ['that tries again', withSpec({ backoffLimit: 6 })],
    ['that tries again by default', ({ spec }) => delete spec.backoffLimit],
    [
      'that does not count failures',
      withSpec({
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [0] } }],
        },
      }),
    ],
    ['that starts its container again', withPod({ restartPolicy: 'OnFailure' })],
    ['that lingers', withPod({ terminationGracePeriodSeconds: 86_400 })],
    [
      'that takes up the pods of others',
      (job) => {
        Object.assign(job.spec, { manualSelector: true, selector: { matchLabels: { app: 'database' } } });
        withLabels({ app: 'database' })(job);
      },
    ],
    ['that another controller runs', withSpec({ managedBy: 'mallory.example/elsewhere' })],
  ]),
  ...forge('Job', /^the Job of a run runs as the run's own service account/, [
    ['as another account', withPod({ serviceAccountName: 'default' })],
    ['with its token mounted', withPod({ automountServiceAccountToken: true })],
    ['with its token mounted by default', (job) => delete pod(job).automountServiceAccountToken],
  ]),
  ...forge('Job', /^the Job of a run creates a pod with one container/, [
    ["in the node's network", withPod({ hostNetwork: true })],
    ["among the node's processes", withPod({ hostPID: true })],
    ["that shares the node's memory", withPod({ hostIPC: true })],
    ['on a chosen node', withPod({ nodeName: 'node' })],
    ['on chosen nodes', withPod({ nodeSelector: { [controlPlane]: '' } })],
    [
      'drawn to control planes',
      withPod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [onControlPlane] },
          },
        },
      }),
    ],
    ['that no taint keeps away', withPod({ tolerations: [toleration] })],
    [
      'spread over zones',
      withPod({
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
        ],
      }),
    ],
    ['before which others give way', withPod({ priorityClassName: 'system-node-critical' })],
    ['in another runtime', withPod({ runtimeClassName: 'unsafe' })],
    ['of another scheduler', withPod({ schedulerName: 'mallory' })],
    ['with hosts of its own', withPod({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['a.example'] }] })],
    ['with name servers of its own', withPod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['8.8.8.8'] } })],
    ["with the node's name servers", withPod({ dnsPolicy: 'Default' })],
    ['with a name of its own', withPod({ hostname: 'database', subdomain: 'database' })],
    ['with devices', withPod({ resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] })],
    ['with users of its own', withPod({ hostUsers: false })],
    ['whose processes see each other', withPod({ shareProcessNamespace: true })],
    [
      'with an init container',
      (job) => withPod({ initContainers: [{ ...container(job), name: 'init' }] })(job),
    ],
    ['with a second container', (job) => pod(job).containers.push({ ...container(job), name: 'second' })],
    ["whose pod has another's labels", withLabels({ app: 'database' })],
    [
      'whose pod others see to',
      ({ spec }) =>
        Object.assign(spec.template.metadata, {
          annotations: { 'container.apparmor.security.beta.kubernetes.io/runner': 'unconfined' },
        }),
    ],
    [
      'whose pod outlives it',
      ({ spec }) => Object.assign(spec.template.metadata, { finalizers: ['writ.test/hold'] }),
    ],
  ]),
  ...forge('Job', /^the Job of a run pulls its image only with the Secrets/, [
    ['with a pull secret', withPod({ imagePullSecrets: [{ name: 'ambient-runner-secrets' }] })],
  ]),
  ...forge('Job', /^the Job of a run has no privileges/, [
    ['that may be root', withSecurity({ runAsNonRoot: false })],
    ['as user 0', withSecurity({ runAsUser: 0 })],
    [
      'as whoever its image says, root included',
      (job) => {
        for (const field of ['runAsUser', 'runAsNonRoot']) delete pod(job).securityContext[field];
      },
    ],
    ["with root's files", withSecurity({ fsGroup: 0 })],
    ["in root's group", withSecurity({ runAsGroup: 0 })],
    ['in other groups', withSecurity({ supplementalGroups: [0] })],
    ['with any system call', withSecurity({ seccompProfile: unconfined })],
    ['with any system call by default', (job) => delete pod(job).securityContext.seccompProfile],
    [
      "with a node's own system calls",
      withSecurity({ seccompProfile: { type: 'Localhost', localhostProfile: 'any.json' } }),
    ],
    ['with no AppArmor', withSecurity({ appArmorProfile: unconfined })],
    ['with its own SELinux', withSecurity({ seLinuxOptions: { type: 'spc_t' } })],
    ['with kernel parameters', withSecurity({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] })],
    ['whose container is root', withOwnSecurity({ runAsUser: 0 })],
    ['whose container may be root', withOwnSecurity({ runAsNonRoot: false })],
    ['whose container has any system call', withOwnSecurity({ seccompProfile: unconfined })],
    ['whose container has no AppArmor', withOwnSecurity({ appArmorProfile: unconfined })],
    ['whose container has its own SELinux', withOwnSecurity({ seLinuxOptions: { type: 'spc_t' } })],
    ['whose container says how it sees /proc', withOwnSecurity({ procMount: 'Default' })],
    ['whose container writes to its image', withOwnSecurity({ readOnlyRootFilesystem: false })],
    ['that may gain privileges', withOwnSecurity({ allowPrivilegeEscalation: true })],
    // Of an API server that allows no privileged container, true is refused before.
    ['that says of privilege anything', withOwnSecurity({ privileged: false })],
    [
      'with a capability',
      (job) => Object.assign(container(job).securityContext.capabilities, { add: ['SYS_ADMIN'] }),
    ],
    ['that keeps its capabilities', (job) => delete container(job).securityContext.capabilities],
    ['that says nothing of its security', (job) => delete container(job).securityContext],
  ]),
  ...forge('Job', /^the container of a run has a command/, [
    ["with a port of its node's", withContainer({ ports: [{ containerPort: 80, hostPort: 80 }] })],
    ['with a port', withContainer({ ports: [{ containerPort: 80 }] })],
    ['that has the kubelet call others', withContainer({ lifecycle: { preStop: { httpGet } } })],
    ['that has it do so again and again', withContainer({ livenessProbe: { httpGet } })],
    ['with other arguments', withContainer({ args: ['x'] })],
  ]),
  ...forge('Job', /^the Job of a run uses its own Secret/, [
    ['that mounts another Secret', (job) => Object.assign(pod(job).volumes[0].secret, { secretName: 'x' })],
    ['that mounts a path', (job) => pod(job).volumes.push({ name: 'h', hostPath: { path: '/' } })],
    [
      'that mounts a token',
      (job) =>
        pod(job).volumes.push({
          name: 't',
          projected: { sources: [{ serviceAccountToken: { path: 't' } }] },
        }),
    ],
    [
      'that mounts a claim',
      (job) => pod(job).volumes.push({ name: 'c', persistentVolumeClaim: { claimName: 'c' } }),
    ],
    [
      'with the environment of another Secret',
      (job) => container(job).envFrom.push({ secretRef: { name: 'x' } }),
    ],
    [
      'with the environment of a ConfigMap',
      (job) => container(job).envFrom.push({ configMapRef: { name: 'x' } }),
    ],
    [
      'with a variable of another Secret',
      (job) => container(job).env.push({ name: 'A', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } }),
    ],
    [
      'with a variable of its pod',
      (job) =>
        container(job).env.push({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }),
    ],
  ]),
  ...forge('Job', /^the pod of a run has the label/, [
    ['that no NetworkPolicy selects', (job) => delete job.spec.template.metadata.labels[SESSION_UID]],
    ["with another session's label", withLabels({ [SESSION_UID]: '5e551000-0000-4000-8000-0000000000ff' })],
  ]),
  ...forge('Job', /^the emptyDirs of a run have a sizeLimit/, [
    ['with a volume of any size', (job) => delete emptyDir(job).sizeLimit],
    ['with a volume whose limit is none', (job) => Object.assign(emptyDir(job), { sizeLimit: '0' })],
    ["with a volume in the node's memory", (job) => Object.assign(emptyDir(job), { medium: 'Memory' })],
    ['with huge pages', (job) => Object.assign(emptyDir(job), { medium: 'HugePages' })],
    ['with one more volume', (job) => pod(job).volumes.push({ name: 'more', emptyDir: {} })],
    ['that may log without end', (job) => delete container(job).resources.limits['ephemeral-storage']],
    [
      'whose limit on disk is none',
      (job) => {
        container(job).resources = { limits: { 'ephemeral-storage': '0' } };
      },
    ],
    ['without resources', (job) => delete container(job).resources],
  ]),
];
