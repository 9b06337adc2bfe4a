import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { Kubernetes } from '../live-clients.ts';

/** Someone with a frontend: a member of one project, with a token of their own. */
export interface Person {
  number: number;
  project: string;
  token: string;
}

const AT_ONCE = 32;
/** Writ's own rights in a project. */
const bindings = parseAllDocuments(
  readFileSync(new URL('../../deploy/project/role-bindings.yaml', import.meta.url), 'utf8'),
).map((document) => document.toJS() as object);
const RBAC = 'rbac.authorization.k8s.io';

export const projectName = (number: number) => `project-${String(number).padStart(3, '0')}`;

export const sessionsOf = (project: string) =>
  `/apis/vteam.ambient-code/v1alpha1/namespaces/${project}/agenticsessions`;

/** Calls `act` with each number below `count`, many at once. */
export async function forEach(
  count: number,
  act: (number: number) => Promise<unknown>,
  from = 0,
): Promise<void> {
  let next = from;
  const work = async () => {
    for (let number = next++; number < count; number = next++) await act(number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Projects whose runs find their runner Secret. */
export function putProjects({ call }: Kubernetes, count: number): Promise<void> {
  return forEach(count, async (number) => {
    const name = projectName(number);
    const labels = { 'ambient-code.io/managed': 'true' };
    await call('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    const stringData = { ANTHROPIC_API_KEY: 'none' };
    const metadata = { name: 'ambient-runner-secrets' };
    await call('POST', `/api/v1/namespaces/${name}/secrets`, { metadata, stringData });
    for (const binding of bindings)
      await call('POST', `/apis/${RBAC}/v1/namespaces/${name}/rolebindings`, binding);
  });
}

/** Sessions from number `from` on, spread over the projects. */
export function putSessions(k8s: Kubernetes, projects: number, from: number, to: number): Promise<void> {
  return forEach(to, (n) => k8s.call('POST', sessionsOf(projectName(n % projects)), session(n)), from);
}

/** Of a usual size: about 1.5 KiB as JSON. */
export function session(number: number) {
  return {
    apiVersion: 'vteam.ambient-code/v1alpha1',
    kind: 'AgenticSession',
    metadata: { name: `session-${String(number).padStart(6, '0')}` },
    spec: {
      displayName: `Session ${number}`,
      initialPrompt: 'Read the code, find what is slow, and say why. '.repeat(12),
      llmSettings: { model: 'claude-sonnet-4-5', temperature: 0.2, maxTokens: 4_000 },
      repos: [{ url: 'https://git.example.com/team/service.git', branch: 'main' }],
      timeout: 300,
    },
  };
}

/**
 * People are service accounts, each in a namespace of its own: Writ counts all service accounts of a namespace as one user.
 * The projects have equally many members.
 */
export async function putPeople(k8s: Kubernetes, projects: number, count: number): Promise<Person[]> {
  const people: Person[] = [];
  await forEach(count, async (number) => {
    const home = `person-${String(number).padStart(5, '0')}`;
    const project = projectName(number % projects);
    people[number] = { number, project, token: await memberOf(k8s, project, home) };
  });
  return people;
}

async function memberOf({ call }: Kubernetes, project: string, home: string): Promise<string> {
  await call('POST', '/api/v1/namespaces', { metadata: { name: home } });
  const accounts = `/api/v1/namespaces/${home}/serviceaccounts`;
  await call('POST', accounts, { metadata: { name: 'frontend' } });
  await call('POST', `/apis/${RBAC}/v1/namespaces/${project}/rolebindings`, {
    metadata: { name: home },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'ambient-project-edit' },
    subjects: [{ kind: 'ServiceAccount', name: 'frontend', namespace: home }],
  });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  return (await call('POST', `${accounts}/frontend/token`, request)).status.token;
}
