import { randomUUID } from 'node:crypto';
import { beforeAll, expect, inject } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { type Body, Client } from './client.ts';

export type Who = keyof Sandbox['identities'];
type Fields = Record<string, unknown>;

/** The paths of one project's resources. */
export interface Project {
  name: string;
  sessions: string;
  settings: string;
  jobs: string;
  core(resource: string): string;
  rbac(resource: string): string;
}

export interface ContractCluster {
  /** `kubernetes`: a real API server, with controllers that work in their own time. */
  name: 'sandbox' | 'kubernetes';
  identities: Sandbox['identities'];
  admin: Client;
  as(who: Who | { token: string }): Client;
  /** Whoever sends no token. */
  anonymous: Client;
  /** A managed namespace of its own, with alice as editor, victor as viewer and Writ's backend bound in it. */
  newProject(): Promise<Project>;
  /** The same for all tests of the file. */
  project(): Project;
  /** Gives the user these rules in the project; they are in force on return. */
  allow(project: Project, who: Who, rules: Fields[]): Promise<void>;
  /** A new service account with these rules in the project and nothing else. */
  newAccount(project: Project, rules?: Fields[]): Promise<{ client: Client; name: string; username: string }>;
}

const GROUP = 'rbac.authorization.k8s.io';
export const NAMESPACES = '/api/v1/namespaces';
export const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/**
 * The cluster that the contract is tested on: the real one if the run has one (test/cluster/vitest.config.ts), else a
 * sandbox for this file. `options` are the sandbox's.
 */
export function contractCluster(options: SandboxOptions = {}): ContractCluster {
  const real = inject('cluster');
  const endpoint = real
    ? () => real
    : started(
        DESCRIBE,
        () => startSandbox({ runner: false, demo: false, gcMs: 1, ...options }),
        ({ close }) => close(),
      );
  const connection = started(
    DESCRIBE,
    async () => new Client(endpoint()),
    (client) => client.close(),
  );
  const as: ContractCluster['as'] = (who) =>
    connection().as(typeof who === 'string' ? endpoint().identities[who] : who);

  async function newProject(): Promise<Project> {
    const project = unnamedProject();
    await createProject(project);
    return project;
  }

  async function createProject(project: Project): Promise<void> {
    const admin = as('admin');
    const labels = { 'ambient-code.io/managed': 'true' };
    await admin.create(NAMESPACES, { metadata: { name: project.name, labels } });
    const people = ([who, role]: string[]) => bind(project, `ambient-project-${role}`, user(String(who)));
    await Promise.all([['alice', 'edit'] as string[], ['victor', 'view']].map(people));
    const account = { kind: 'ServiceAccount', namespace: 'writ-system', name: 'writ-api' };
    await bind(project, 'writ-backend-project', account);
    await eventually(async () => {
      const sessions = { group: 'vteam.ambient-code', resource: 'agenticsessions', namespace: project.name };
      for (const who of ['alice', 'backend'] as const)
        expect(await allowed(as(who), { verb: 'create', ...sessions })).toBe(true);
      expect(await allowed(as('victor'), { verb: 'list', ...sessions })).toBe(true);
      // Pods need it; a controller makes it.
      if (real) expect((await admin.get(`${project.core('serviceaccounts')}/default`)).status).toBe(200);
    });
  }

  async function grant(project: Project, client: Client, subject: Fields, rules: Fields[]): Promise<void> {
    const { metadata } = await as('admin').create(project.rbac('roles'), {
      metadata: { generateName: 'contract-' },
      // A right that nobody else has tells when the binding is in force.
      rules: [...rules, { apiGroups: ['contract.test'], resources: ['*'], verbs: ['mark'] }],
    });
    const mark = {
      verb: 'mark',
      group: 'contract.test',
      resource: metadata.name,
      namespace: project.name,
    };
    await bind(project, metadata.name, subject, 'Role');
    await eventually(async () => expect(await allowed(client, mark)).toBe(true));
  }

  async function bind(project: Project, name: string, subject: Fields, kind = 'ClusterRole'): Promise<void> {
    await as('admin').create(project.rbac('rolebindings'), {
      metadata: { generateName: 'contract-' },
      roleRef: { apiGroup: GROUP, kind, name },
      subjects: [subject],
    });
  }

  return {
    name: real ? 'kubernetes' : 'sandbox',
    get identities() {
      return endpoint().identities;
    },
    get anonymous() {
      return connection();
    },
    get admin() {
      return as('admin');
    },
    as,
    newProject,
    project() {
      const project = unnamedProject();
      beforeAll(() => createProject(project));
      return project;
    },
    allow: (project, who, rules) => grant(project, as(who), user(who), rules),
    async newAccount(project, rules = []) {
      const admin = as('admin');
      const accounts = project.core('serviceaccounts');
      const { metadata } = await admin.create(accounts, { metadata: { generateName: 'contract-' } });
      const { name } = metadata;
      const { status } = await admin.create(`${accounts}/${name}/token`, { spec: {} });
      const client = as(status);
      const subject = { kind: 'ServiceAccount', namespace: project.name, name };
      if (rules.length > 0) await grant(project, client, subject, rules);
      return { client, name, username: `system:serviceaccount:${project.name}:${name}` };
    },
  };
}

function user(name: string): Fields {
  return { apiGroup: GROUP, kind: 'User', name };
}

/** Under a name that no other has. */
function unnamedProject(): Project {
  const name = `contract-${randomUUID().slice(0, 8)}`;
  const custom = `/apis/vteam.ambient-code/v1alpha1/namespaces/${name}`;
  return {
    name,
    sessions: `${custom}/agenticsessions`,
    settings: `${custom}/projectsettings`,
    jobs: `/apis/batch/v1/namespaces/${name}/jobs`,
    core: (resource) => `${NAMESPACES}/${name}/${resource}`,
    rbac: (resource) => `/apis/${GROUP}/v1/namespaces/${name}/${resource}`,
  };
}

/** What a SelfSubjectAccessReview says. */
export async function allowed(client: Client, resourceAttributes: Fields): Promise<boolean> {
  const { status } = await client.create(ACCESS_REVIEWS, { spec: { resourceAttributes } });
  return status.allowed;
}

export function named(name: string, more: Fields = {}): Fields & { metadata: Fields } {
  return { metadata: { name }, ...more };
}

/** Of custom resources the server takes nothing without apiVersion and kind. */
export function session(name: string, more: Fields = {}): Fields & { metadata: Fields } {
  return { apiVersion: 'vteam.ambient-code/v1alpha1', kind: 'AgenticSession', ...named(name), ...more };
}

/** A Job that no controller makes pods of. */
export function suspendedJob(name: string, metadata: Fields = {}): Fields {
  return { metadata: { name, ...metadata }, spec: { suspend: true, template: { spec: podSpec() } } };
}

/** A pod that no scheduler takes. */
export function heldPod(name: string, metadata: Fields = {}): Fields {
  return {
    metadata: { name, ...metadata },
    spec: { ...podSpec(), schedulingGates: [{ name: 'contract.test/held' }] },
  };
}

function podSpec(): Fields {
  return { restartPolicy: 'Never', containers: [{ name: 'runner', image: 'example/runner' }] };
}

export function ownedBy(owner: Body, more: Fields = {}) {
  const { apiVersion, kind, metadata } = owner;
  const { name, uid } = metadata;
  return { ownerReferences: [{ apiVersion, kind, name, uid, ...more }] };
}

export const names = (list: Body): string[] => list.items.map((item: Body) => item.metadata.name);

/** The fields that a 422 complains about. */
export const causes = (body: Body): string[] =>
  body.details.causes.map((cause: { field: string }) => cause.field).sort();
