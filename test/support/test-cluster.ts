import { inject } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { DESCRIBE, started } from './hooks.ts';
import { KubernetesClient } from './kubernetes-client.ts';
import { openOwnRealCluster, openRealCluster } from './real-cluster.ts';

export type Who = keyof Sandbox['identities'];
/** The users that are no service accounts, in the order of their rights. */
export const PEOPLE = ['mallory', 'victor', 'alice', 'admin'] as const satisfies Who[];

/** What tests know of the cluster under Writ: the sandbox, or a real control plane behind a proxy that records. */
export type RunningCluster = Pick<
  Sandbox,
  'server' | 'ca' | 'identities' | 'requests' | 'connections' | 'close'
> & {
  /** Of a real cluster its kubelets write them. */
  logs?: Sandbox['logs'] | undefined;
};

export interface TestCluster extends RunningCluster {
  /** The cluster's API as one of its identities. */
  as(who: Who): KubernetesClient;
}

/** Whether there is a real control plane for this run (test/cluster/vitest.config.ts starts it). */
export function isRealCluster(): boolean {
  return controlPlane() !== undefined;
}

/** The username of Writ's API in every cluster. */
export const BACKEND = 'system:serviceaccount:writ-system:writ-api';
/** That of its controller. */
export const CONTROLLER = 'system:serviceaccount:writ-system:writ-controller';

/**
 * A cluster as the sandbox is when it starts: the demo's people and projects, and its sessions unless not wanted. All
 * share the real one, which is reset when this one starts: call it before the hooks that put objects into the cluster.
 * With a runner, which the shared one does not have, the real one is a control plane of its own.
 */
export function startTestCluster(options: SandboxOptions = {}, hooks = DESCRIBE): TestCluster {
  const cluster = started(
    hooks,
    () => openTestCluster(options),
    ({ close }) => close(),
  );
  const handle: TestCluster = {
    get server() {
      return cluster().server;
    },
    get ca() {
      return cluster().ca;
    },
    get identities() {
      return cluster().identities;
    },
    get requests() {
      return cluster().requests;
    },
    get logs() {
      return cluster().logs;
    },
    connections: () => cluster().connections(),
    as: (who) => anonymous.as(() => cluster().identities[who].token),
    close: () => cluster().close(),
  };
  const anonymous = new KubernetesClient(handle);
  hooks.afterAll(() => anonymous.close());
  return handle;
}

function openTestCluster(options: SandboxOptions): Promise<RunningCluster> {
  const real = controlPlane();
  const { demo = true, runner = false } = options;
  if (!real) return startSandbox({ ...options, runner });
  return runner ? openOwnRealCluster(demo, runner) : openRealCluster(real, demo);
}

function controlPlane() {
  return inject('cluster');
}
