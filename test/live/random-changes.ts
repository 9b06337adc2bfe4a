import fc from 'fast-check';
import type { AnyObject } from '../../src/kubernetes/reader.ts';
import { eventually } from '../support/eventually.ts';
import { FAULTS } from '../support/fault-proxy.ts';
import type { KubernetesClient } from '../support/kubernetes-client.ts';
import { SESSIONS, session } from '../support/objects.ts';
import { expectViews, type View } from './view.ts';

/** More of each for a longer test: `LIVE_RUNS=1 LIVE_CHANGES=10000 LIVE_FAULT_EVERY=50`. */
const {
  LIVE_RUNS: runs = 4,
  LIVE_CHANGES: changes = 60,
  LIVE_FAULT_EVERY: every = 6,
  LIVE_SEED: seed = 10,
} = process.env;
/** The sessions that change. */
const NAMES = 8;
export const VIEWS = 6;
const FAULT_EVERY = Number(every);

const step = fc.record({
  act: fc.constantFrom('create', 'update', 'select', 'delete', 'recreate'),
  name: fc.nat(NAMES - 1).map((i) => `s${i}`),
  fault: fc.constantFrom(...FAULTS),
  clientFault: fc.constantFrom('cut', 'stall', 'refuse', 'none', 'none'),
  view: fc.nat(VIEWS - 1),
  move: fc.constantFrom('stay', 'stay', 'pause', 'go', 'leave'),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Selected by the label `on=yes`, and by the text `selected` in the display name. */
export const isSelected = ({ metadata }: Pick<AnyObject, 'metadata'>) => metadata.labels?.on === 'yes';

/** Makes one change of a session of the project demo. */
async function change(admin: KubernetesClient, { act, name }: Step, round: number): Promise<void> {
  const path = SESSIONS('demo');
  const one = `${path}/${name}`;
  const isOn = round % 2 === 0;
  const labels = { on: isOn ? 'yes' : 'no' };
  const spec = { displayName: isOn ? 'selected' : 'left out' };
  const create = () => admin.post(path, session(name, { metadata: { name, labels }, spec }));
  if (act === 'create') await create();
  if (act === 'update') await admin.patch(one, { metadata: { annotations: { round: `${round}` } } });
  if (act === 'select') await admin.patch(one, { metadata: { labels }, spec });
  if (act === 'delete' || act === 'recreate') await admin.delete(one);
  if (act === 'recreate') await create();
}

interface Stage {
  admin: KubernetesClient;
  views: View[];
  /** Between the cluster and what is tested. */
  proxy: { inject(fault: Step['fault']): void; heal(): void };
  /** For the clients of what is tested: not at the same time as the faults of the cluster. */
  failClients?: (fault: Step['clientFault']) => Promise<void>;
}

/** Makes the changes, with faults in between, until all views show what the cluster then has; every third shows all of it. */
export async function makeChanges(steps: Step[], { admin, views, proxy, failClients }: Stage): Promise<void> {
  for (const [round, taken] of steps.entries()) {
    if (round % FAULT_EVERY === 0) proxy.inject(taken.fault);
    if (round % FAULT_EVERY === FAULT_EVERY >> 1) await failClients?.(taken.clientFault);
    const view = views[taken.view];
    if (taken.move === 'leave') view?.leave();
    else if (view && taken.move !== 'stay') view.isPaused = taken.move === 'pause';
    await change(admin, taken, round);
  }
  proxy.heal();
  for (const view of views) view.isPaused = false;
  const listed = (await admin.get(SESSIONS('demo'))).body.items;
  await eventually(() => expectViews(views, (i) => (i % 3 === 0 ? listed : listed.filter(isSelected))));
}

/** Runs random changes, several times. `run` returns what it has seen, which long runs print. */
export async function forRandomChanges(run: (steps: Step[]) => Promise<string>): Promise<void> {
  const size = Number(changes);
  const steps = fc.array(step, { minLength: size, maxLength: size });
  // Without shrinking, which would repeat long runs that do not always fail.
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const figures = await run(taken);
      if (process.env.LIVE_CHANGES) process.stderr.write(`${size} changes: ${figures}\n`);
    }),
    { numRuns: Number(runs), seed: Number(seed), endOnFailure: true },
  );
}

/** What all views together have seen. */
export function figuresOf(views: { events: number; resets: number; resumed: number }[]): string {
  const sum = (what: 'events' | 'resets' | 'resumed') => views.reduce((n, view) => n + view[what], 0);
  return `${sum('events')} events, ${sum('resets')} snapshots, resumed ${sum('resumed')} times`;
}
