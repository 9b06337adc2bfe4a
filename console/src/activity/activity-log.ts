import type { UpstreamCall } from '../../../src/kubernetes/call-trace.ts';

/** docs/receipts.md. As an error has it, attributes of `reviewed` can be absent. */
export interface Receipt {
  requestId: string;
  auditIds: readonly string[];
  unansweredAuditIds: readonly string[];
  reviewedAt: string;
  reviewed: {
    verb: string;
    group?: string | null;
    resource: string;
    subresource?: string | null;
    namespace?: string | null;
    name?: string | null;
  };
}

/** The calls for one result: a subscription has one with each event. */
export interface CallGroup {
  /** From 1. */
  result: number;
  /** When the result came, in ms since the epoch. */
  at: number;
  calls: readonly UpstreamCall[];
}

/** What one result tells. */
export interface Found extends Pick<Activity, 'errors' | 'receipts' | 'omittedCalls'> {
  calls: readonly UpstreamCall[];
}

export type OperationKind = 'query' | 'mutation' | 'subscription';

/** What the console has asked of Writ, and what Writ did for it. */
export interface Activity {
  id: number;
  name: string;
  kind: OperationKind;
  /** Who has asked; undefined before that is known. */
  username: string | undefined;
  /** In ms since the epoch. */
  startedAt: number;
  /** Undefined while the operation is in progress. */
  durationMs: number | undefined;
  /** The number of results: of a subscription there are many. */
  results: number;
  /** The codes and messages of errors. */
  errors: readonly { code: string; message: string }[];
  /** The latest calls to the cluster. */
  calls: readonly CallGroup[];
  /** How many calls there were beyond those. */
  omittedCalls: number;
  receipts: readonly Receipt[];
}

/** Of those that have ended. */
const MAX_ACTIVITIES = 100;
const MAX_CALLS = 200;

/** The operations in progress and the latest of the others, newest first, in the memory of this page alone. */
export class ActivityLog {
  #activities: readonly Activity[] = [];
  #nextId = 1;
  readonly #listeners = new Set<() => void>();

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): readonly Activity[] => this.#activities;

  begin(name: string, kind: OperationKind, username: string | undefined): number {
    const id = this.#nextId++;
    const activity: Activity = {
      id,
      name,
      kind,
      username,
      startedAt: Date.now(),
      durationMs: undefined,
      results: 0,
      errors: [],
      calls: [],
      omittedCalls: 0,
      receipts: [],
    };
    let ended = 0;
    const kept = this.#activities.filter(
      ({ durationMs }) => durationMs === undefined || ++ended < MAX_ACTIVITIES,
    );
    this.#set([activity, ...kept]);
    return id;
  }

  add(id: number, found: Found): void {
    this.#change(id, (activity) => {
      const result = activity.results + 1;
      const group = { result, at: Date.now(), calls: found.calls };
      const { calls, omitted } = latest(found.calls.length > 0 ? [...activity.calls, group] : activity.calls);
      return {
        ...activity,
        results: result,
        errors: [...activity.errors, ...found.errors].slice(-MAX_CALLS),
        receipts: [...activity.receipts, ...found.receipts],
        calls,
        omittedCalls: activity.omittedCalls + found.omittedCalls + omitted,
      };
    });
  }

  end(id: number): void {
    this.#change(id, (activity) => ({ ...activity, durationMs: Date.now() - activity.startedAt }));
  }

  clear(): void {
    this.#set(this.#activities.filter(({ durationMs }) => durationMs === undefined));
  }

  /** Another person begins, who must not see what this one did. */
  forget(): void {
    this.#set([]);
  }

  #change(id: number, change: (activity: Activity) => Activity): void {
    if (!this.#activities.some((each) => each.id === id)) return;
    this.#set(this.#activities.map((each) => (each.id === id ? change(each) : each)));
  }

  #set(activities: readonly Activity[]): void {
    this.#activities = activities;
    for (const listener of this.#listeners) listener();
  }
}

/** As many calls as are kept, of the latest groups. */
function latest(groups: readonly CallGroup[]): { calls: readonly CallGroup[]; omitted: number } {
  let room = MAX_CALLS;
  let omitted = 0;
  const calls: CallGroup[] = [];
  for (const group of groups.toReversed()) {
    const kept = room > 0 ? group.calls.slice(-room) : [];
    room -= kept.length;
    omitted += group.calls.length - kept.length;
    if (kept.length > 0)
      calls.unshift(kept.length === group.calls.length ? group : { ...group, calls: kept });
  }
  return { calls, omitted };
}
