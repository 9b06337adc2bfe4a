import { join } from 'node:path';

export interface Layout {
  directory: string;
  ports: { etcd: number; etcdPeer: number; server: number; kubelet: number };
}

const CONTROLLERS = [
  'clusterrole-aggregation-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'validatingadmissionpolicy-status-controller',
];
/** What makes pods of Jobs, and clears them away. */
const RUN_CONTROLLERS = [
  'cronjob-controller',
  'job-controller',
  'pod-garbage-collector-controller',
  'ttl-after-finished-controller',
];

/**
 * Admission plugins that are off by default and need no configuration: clusters have some of them.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
 */
const OPTIONAL_PLUGINS = [
  'AlwaysPullImages',
  'DenyServiceExternalIPs',
  'ExtendedResourceToleration',
  'LimitPodHardAntiAffinityTopology',
  'NamespaceExists',
  'NodeRestriction',
  'OwnerReferencesPermissionEnforcement',
  'PodNodeSelector',
  'PodTolerationRestriction',
];

export function etcdFlags({ directory, ports }: Layout): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--log-level=warn',
    // Nothing here outlives a crash.
    '--unsafe-no-fsync',
  ];
}

interface ApiServerOptions {
  /** By default only the plugins that Kubernetes itself turns on, PodSecurity among them. */
  optionalPlugins?: boolean | undefined;
  /** Whether there is a file authentication.yaml. */
  authentication?: boolean;
}

export function apiServerFlags({ directory, ports }: Layout, options: ApiServerOptions = {}): string[] {
  const file = (name: string) => join(directory, name);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.server}`,
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    // A Service's endpoint may not be a loopback address.
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-signing-key-file=${file('service-account.key')}`,
    `--service-account-key-file=${file('service-account.key')}`,
    ...(options.authentication ? [`--authentication-config=${file('authentication.yaml')}`] : []),
    ...(options.optionalPlugins ? [`--enable-admission-plugins=${OPTIONAL_PLUGINS.join(',')}`] : []),
    `--audit-policy-file=${file('audit-policy.yaml')}`,
    `--audit-log-path=${file('audit.log')}`,
    '--audit-log-mode=blocking',
    // One file, however long.
    '--audit-log-maxsize=0',
    '--kubelet-preferred-address-types=InternalIP',
  ];
}

export function controllerManagerFlags({ directory }: Layout, runsJobs: boolean): string[] {
  const controllers = [...CONTROLLERS, ...(runsJobs ? RUN_CONTROLLERS : [])];
  return [
    `--kubeconfig=${join(directory, 'controllers.kubeconfig')}`,
    `--controllers=${controllers.join(',')}`,
    '--use-service-account-credentials',
    `--service-account-private-key-file=${join(directory, 'service-account.key')}`,
    `--root-ca-file=${join(directory, 'server.crt')}`,
    '--leader-elect=false',
    '--secure-port=0',
    // The default of 20 requests a second is meant for clusters that others use too.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
}

export function kwokFlags({ directory, ports }: Layout, node: string): string[] {
  return [
    `--kubeconfig=${join(directory, 'kwok.kubeconfig')}`,
    `--config=${join(directory, 'kwok.yaml')}`,
    `--manage-single-node=${node}`,
    '--node-ip=127.0.0.1',
    `--node-port=${ports.kubelet}`,
    `--server-address=127.0.0.1:${ports.kubelet}`,
    '--node-lease-duration-seconds=0',
  ];
}
