/** Namespaces of Kubernetes, of OpenShift and of Writ, as the policy writ-namespaces has them too. */
const SYSTEM_NAME = /^(kube-.*|openshift-.*|default|writ-system)$/;

/**
 * Words that have another meaning where the name of a project is used:
 * - in a path, to whoever reads it by its words: a proxy, a rule over an audit log, the router of a frontend;
 * - in YAML and JSON, to programs that build them from text: `namespace: null` is the current namespace;
 * - in the cluster's DNS: a Service `github` in a namespace `com` is found under `github.com` in every pod
 *   (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#namespaces-and-dns). Names of two letters
 *   are top-level domains of countries, or will be.
 */
const RESERVED_WORDS: readonly string[] = [
  ...[
    'api',
    'apis',
    'namespace',
    'namespaces',
    'project',
    'projects',
    'v1',
    'v1alpha1',
    'v1beta1',
    'watch',
    'proxy',
  ],
  ...[
    'status',
    'finalize',
    'healthz',
    'livez',
    'readyz',
    'metrics',
    'version',
    'openapi',
    'logs',
    'debug',
    'graphql',
  ],
  ...['new', 'create', 'edit', 'delete', 'settings', 'login', 'logout'],
  ...['null', 'undefined', 'true', 'false', 'yes', 'off', 'none', 'all'],
  ...[
    'svc',
    'cluster',
    'local',
    'localhost',
    'internal',
    'pod',
    'com',
    'net',
    'org',
    'edu',
    'gov',
    'mil',
    'int',
  ],
  ...['arpa', 'info', 'biz', 'dev', 'app', 'cloud', 'onion'],
];

const SYSTEM_RULE = 'is reserved for namespaces of the system: kube-*, openshift-*, default, writ-system';
const WORD_RULE =
  'is reserved: words of API paths (such as api or namespaces), of YAML (such as null), and top-level domains, which are also all names of two letters';
const OPERATOR_RULE = 'is reserved by the administrator (WRIT_RESERVED_PROJECT_NAMES)';

export function isSystemNamespace(name: string): boolean {
  return SYSTEM_NAME.test(name);
}

/**
 * Why no new project may have this name; undefined if it may.
 *
 * @param patterns names that the administrator reserves; `*` stands for any characters
 */
export function reservedNameRule(name: string, patterns: readonly string[]): string | undefined {
  if (isSystemNamespace(name)) return SYSTEM_RULE;
  if (name.length <= 2 || RESERVED_WORDS.includes(name)) return WORD_RULE;
  return patterns.some((pattern) => matchesPattern(name, pattern)) ? OPERATOR_RULE : undefined;
}

function matchesPattern(name: string, pattern: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return name === pattern;
  if (name.length < start.length + end.length || !name.startsWith(start) || !name.endsWith(end)) return false;
  let rest = name.slice(start.length, name.length - end.length);
  return parts.every((part) => {
    const at = rest.indexOf(part);
    if (at >= 0) rest = rest.slice(at + part.length);
    return at >= 0;
  });
}
