import { describe, expect, it } from 'vitest';
import { startOwnControlPlane } from '../cluster/own-control-plane.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { startWritOn } from '../support/writ.ts';
import { TIMINGS } from './fixture.ts';

const SUBSCRIBE = `subscription { sessions(project: "demo") { events { type session { name displayName } } } }`;

describe('subscriptions while the API server is killed and started again', () => {
  const { cluster, controlPlane } = startOwnControlPlane();
  const writ = startWritOn(cluster, {
    environment: { WRIT_LOG_LEVEL: 'silent' },
    subscriptions: { timings: TIMINGS, access: { everyMs: 100, confirmMs: 2_000, patienceMs: 120_000 } },
  });

  it('go on, and miss nothing', async () => {
    const { admin, restart } = controlPlane();
    await putSession(admin, 'demo', 'a');
    const stream = await writ.subscribe('alice', SUBSCRIBE);
    const view = new Map<string, string | null>();
    const resets = { count: 0 };
    const reading = (async () => {
      for (;;) {
        const { data, errors } = await stream.next();
        if (errors) throw new Error(JSON.stringify(errors));
        for (const { type, session } of data.sessions.events) {
          if (type === 'RESET') {
            resets.count += 1;
            view.clear();
          } else if (type === 'DELETED') view.delete(session.name);
          else if (session) view.set(session.name, session.displayName);
        }
      }
    })();
    // Its error fails the test, before its end.
    const ended = reading.catch((error) => error);
    await eventually(() => expect([...view]).toEqual([['a', null]]));
    for (const round of [1, 2]) {
      await restart();
      await putSession(admin, 'demo', `b${round}`);
      await admin.patch(`${SESSIONS('demo')}/a`, { spec: { displayName: `changed ${round}` } });
      if (round === 2) await admin.delete(`${SESSIONS('demo')}/b1`);
      const expected = [
        ['a', `changed ${round}`],
        [`b${round}`, null],
      ];
      await Promise.race([
        eventually(() => expect([...view].sort()).toEqual(expected)),
        ended.then((error) => expect(error).toBeUndefined()),
      ]);
    }
    stream.close();
    await ended;
    expect(resets.count).toBe(1);
  });
});
