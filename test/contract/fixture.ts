import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { type Body, KubernetesClient } from '../support/kubernetes-client.ts';
import { CORE, JOBS, RBAC, SESSIONS, SETTINGS } from '../support/objects.ts';
import { allow, putProject } from '../support/put-objects.ts';
import type { Who } from '../support/test-cluster.ts';

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
  admin: KubernetesClient;
  as(who: Who | { token: string }): KubernetesClient;
  /** Whoever sends no token. */
  anonymous: KubernetesClient;
  /** A managed namespace of its own, with alice as editor, victor as viewer and Writ's backend bound in it. */
  newProject(): Promise<Project>;
  /** The same for all tests of the file. */
  project(): Project;
  /** Gives the user these rules in the project; they are in force on return. */
  allow(project: Project, who: Who | Fields, rules: Fields[]): Promise<void>;
  /** A new service account with these rules in the project and nothing else. */
  newAccount(
    project: Project,
    rules?: Fields[],
  ): Promise<{
    client: KubernetesClient;
    name: string;
    username: string;
  }>;
}

export const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/**
 * The cluster that the contract is tested on: the real one if the run has one (test/cluster/vitest.config.ts), else a
 * sandbox for this file. `options` are the sandbox's.
 */
export function contractCluster(options: SandboxOptions = {}): ContractCluster {
  const real = inject('cluster');
  const cluster = real
    ? () => real
    : started(
        DESCRIBE,
        () => startSandbox({ runner: false, demo: false, gcMs: 1, ...options }),
        ({ close }) => close(),
      );
  const anonymous = new KubernetesClient({
    get server() {
      return cluster().server;
    },
    get ca() {
      return cluster().ca;
    },
  });
  afterAll(() => anonymous.close());
  const as: ContractCluster['as'] = (who) =>
    anonymous.as(typeof who === 'string' ? () => cluster().identities[who].token : who);
  const admin = as('admin');

  async function createProject({ name, core }: Project): Promise<void> {
    await putProject(admin, name);
    // Pods need it; a controller creates it.
    if (real)
      await eventually(async () =>
        expect((await admin.get(`${core('serviceaccounts')}/default`)).status).toBe(200),
      );
  }

  return {
    name: real ? 'kubernetes' : 'sandbox',
    get identities() {
      return cluster().identities;
    },
    anonymous,
    admin,
    as,
    async newProject() {
      const project = unnamedProject();
      await createProject(project);
      return project;
    },
    project() {
      const project = unnamedProject();
      beforeAll(() => createProject(project));
      return project;
    },
    allow: (project, who, rules) => allow(admin, project.name, who, rules),
    async newAccount(project, rules = []) {
      const accounts = project.core('serviceaccounts');
      const { metadata } = await admin.create(accounts, { metadata: { generateName: 'contract-' } });
      const { name } = metadata;
      const { status } = await admin.create(`${accounts}/${name}/token`, { spec: {} });
      const subject = { kind: 'ServiceAccount', namespace: project.name, name };
      if (rules.length > 0) await allow(admin, project.name, subject, rules);
      return { client: as(status), name, username: `system:serviceaccount:${project.name}:${name}` };
    },
  };
}

/** Under a name that no other has. */
function unnamedProject(): Project {
  const name = `contract-${randomUUID().slice(0, 8)}`;
  return {
    name,
    sessions: SESSIONS(name),
    settings: SETTINGS(name),
    jobs: JOBS(name),
    core: (resource) => CORE(name, resource),
    rbac: (resource) => RBAC(name, resource),
  };
}

/** What a SelfSubjectAccessReview says. */
export async function allowed(client: KubernetesClient, resourceAttributes: Fields): Promise<boolean> {
  const { status } = await client.create(ACCESS_REVIEWS, { spec: { resourceAttributes } });
  return status.allowed;
}

export const names = (list: Body): string[] => list.items.map((item: Body) => item.metadata.name);

/** The fields that a 422 complains about. */
export const causes = (body: Body): string[] =>
  body.details.causes.map((cause: { field: string }) => cause.field).sort();
