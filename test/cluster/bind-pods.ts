import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesClient } from '../support/kubernetes-client.ts';

const UNBOUND = '/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3D,status.phase%3DPending';

/** Stands for the scheduler: binds every pod to the one node there is. The answer stops it. */
export function bindPods(scheduler: KubernetesClient, node: string): () => void {
  const stop = new AbortController();
  void (async () => {
    while (!stop.signal.aborted) {
      // Without a resourceVersion a watch begins with what is there.
      await bindAll(scheduler, node, stop.signal).catch(() => {});
      await sleep(100, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return () => stop.abort();
}

async function bindAll(scheduler: KubernetesClient, node: string, signal: AbortSignal): Promise<void> {
  for await (const { type, object } of scheduler.watch(UNBOUND, {}, signal)) {
    if (type === 'ERROR') return;
    if (type === 'DELETED' || object.metadata.deletionTimestamp) continue;
    const { name, namespace, uid } = object.metadata;
    // A pod that is gone or bound already is none of ours: the answer does not matter.
    await scheduler.post(`/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    });
  }
}
