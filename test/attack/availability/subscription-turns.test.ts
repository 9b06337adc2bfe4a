import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CpuShares } from '../../../src/budgets/cpu-shares.ts';
import { eventually } from '../../support/eventually.ts';
import { SESSIONS } from '../../support/objects.ts';
import { putProject, putSession } from '../../support/put-objects.ts';
import { startWrit } from '../../support/writ.ts';

const SUBSCRIBE = `subscription ($filter: SessionFilter) {
  sessions(project: "p", filter: $filter) { events { type session { displayName } } }
}`;
const LABELS = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`label-${n}`, 'x'.repeat(60)]));

describe('what a subscription takes of the thread', () => {
  const writ = startWrit({
    sandbox: { demo: false },
    // Reviews would count too.
    subscriptions: { access: { everyMs: 600_000, confirmMs: 1, patienceMs: 1 } },
  });
  const admin = writ.kubernetes('admin');
  const change = (displayName: string) => admin.patch(`${SESSIONS('p')}/a`, { spec: { displayName } });
  beforeAll(async () => {
    await putProject(admin, 'p');
    await putSession(admin, 'p', 'a', { metadata: { labels: LABELS } });
  });
  afterEach(() => vi.restoreAllMocks());

  it('counts for its user: parsing what is watched, filters, and the execution of events', async () => {
    const selecting = await writ.subscribe('alice', SUBSCRIBE);
    await selecting.next();
    const charge = vi.spyOn(CpuShares.prototype, 'charge');
    const expectCharges = async (name: string, count: number) => {
      charge.mockClear();
      await change(name);
      await selecting.next();
      const charges = () => charge.mock.calls.filter(([user]) => user === 'alice');
      await eventually(() => expect(charges()).toHaveLength(count));
    };
    // The event of the watch is parsed and applied, the batch made, executed and measured.
    await expectCharges('1', 5);
    const filtering = await writ.subscribe('alice', SUBSCRIBE, { filter: { search: 'nothing' } });
    await filtering.next();
    // Its batch, which is empty.
    await expectCharges('2', 6);
    selecting.close();
    filtering.close();
  });

  it('waits for its turn, which it gets with the newest state, and others do not wait for it', async () => {
    const alice = await writ.subscribe('alice', SUBSCRIBE);
    const victor = await writ.subscribe('victor', SUBSCRIBE);
    await Promise.all([alice.next(), victor.next()]);
    const turn = Promise.withResolvers<void>();
    vi.spyOn(CpuShares.prototype, 'turn').mockImplementation((user) =>
      user === 'alice' ? turn.promise : undefined,
    );
    const next = alice.next();
    let hasCome = false;
    void next.then(() => {
      hasCome = true;
    });
    for (const name of ['3', '4', '5']) {
      await change(name);
      expect((await victor.next()).data.sessions.events).toMatchObject([{ session: { displayName: name } }]);
    }
    expect((await writ.as('victor', '{ viewer { username } }')).errors).toBeUndefined();
    expect(hasCome).toBe(false);
    turn.resolve();
    const { events } = (await next).data.sessions;
    expect(events).toMatchObject([{ type: 'MODIFIED', session: { displayName: '5' } }]);
    alice.close();
    victor.close();
    await eventually(() => expect(writ.memory.reserved).toBe(0));
  });
});
