import type { Reader } from '../../kubernetes/reader.ts';
import { EVENTS, type KubernetesEvent } from '../../kubernetes/resources.ts';
import { scan } from '../../kubernetes/scan.ts';

export interface SessionEvents {
  events: KubernetesEvent[];
  /** Whether there are more. */
  truncated: boolean;
}

const SCAN_LIMIT = 2_000;

/** The events of a project, or those about the object with this UID, in no order. */
export async function readEvents(reader: Reader, namespace: string, uid?: string): Promise<SessionEvents> {
  const fieldSelector = uid && `involvedObject.uid=${uid}`;
  const selection = { partial: true, fieldSelector };
  const { items, truncated } = await scan<KubernetesEvent>(reader, EVENTS, namespace, SCAN_LIMIT, selection);
  return { events: items, truncated };
}
