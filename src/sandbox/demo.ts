import { readFileSync } from 'node:fs';
import { install, parseManifests } from './manifests.ts';
import { timestamp } from './objects.ts';
import { recordEvent } from './runner/events.ts';
import type { PodLogs } from './runner/pod-logs.ts';
import type { Registry } from './storage/registry.ts';

const agentLines = [
  'cloning https://github.com/example/storefront (main)',
  'agent session opened',
  'reading checkout/cart.ts and its tests',
  'the total is rounded per item, the invoice rounds once: writing a failing test',
  'test fails as expected: 19.98 != 19.99',
];

/** Creates sample sessions in every phase, one of them with a run that never ends. */
export function installDemo(registry: Registry, logs: PodLogs): void {
  const text = readFileSync(new URL('demo.yaml', import.meta.url), 'utf8');
  const dated = text.replace(
    /<(\d+) minutes ago>/g,
    (_, n) => `"${timestamp(Date.now() - Number(n) * 60_000)}"`,
  );
  for (const object of parseManifests(dated).map((manifest) => install(registry, manifest))) {
    if (object.kind === 'Job') {
      recordEvent(registry, object, 'job-controller', 'SuccessfulCreate', 'Created pod');
    }
    if (object.kind === 'Pod') {
      recordEvent(registry, object, 'kubelet', 'Scheduled', 'Successfully assigned the pod to sandbox');
      recordEvent(registry, object, 'kubelet', 'Pulled', 'Container image already present on machine');
      recordEvent(registry, object, 'kubelet', 'Started', 'Started container runner');
      for (const line of agentLines) logs.append(object.metadata.uid, 'runner', line);
    }
  }
}
