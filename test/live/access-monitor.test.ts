import { describe, expect, it, onTestFinished } from 'vitest';
import { reviewAccess } from '../../src/authorization/reviews.ts';
import { Forbidden, Unauthenticated, Unavailable } from '../../src/errors.ts';
import { KubernetesError } from '../../src/kubernetes/kubernetes-error.ts';
import { AccessMonitor } from '../../src/live/access-monitor.ts';
import { scriptedUser } from '../authorization/scripted-user.ts';
import { eventually } from '../support/eventually.ts';

const WATCH = { verb: 'watch', group: '', resource: 'pods', namespace: 'demo' } as const;

describe('an access monitor', () => {
  /** Notes why each of the dependents was told to end. */
  function monitor(access: () => { allowed?: boolean }, { patienceMs = 60_000 } = {}) {
    const monitor = new AccessMonitor({ everyMs: 2, confirmMs: 2, patienceMs });
    const { user, asked } = scriptedUser({ access });
    const told: unknown[] = [];
    function depend(digest = 'alice', attributes: typeof WATCH = WATCH) {
      const end = monitor.depend(
        digest,
        attributes,
        () => reviewAccess(user, attributes, 'subscription'),
        (error) => told.push(error),
      );
      onTestFinished(end);
      return end;
    }
    return { depend, asked, told };
  }
  const refusal = (code: number) => {
    throw new KubernetesError(code, {}, WATCH, 'user');
  };

  it('tells all who depend on a right that it is gone, once, and asks no more', async () => {
    let allowed = true;
    const { depend, asked, told } = monitor(() => ({ allowed }));
    for (let i = 0; i < 3; i += 1) depend();
    await eventually(() => expect(asked.length).toBeGreaterThan(3));
    expect(told).toEqual([]);
    allowed = false;
    await eventually(() => expect(told).toHaveLength(3));
    expect(told[0]).toBeInstanceOf(Forbidden);
    const count = asked.length;
    // Reviews of another right go on.
    allowed = true;
    depend('bob');
    await eventually(() => expect(asked.length).toBeGreaterThan(count + 3));
    expect(told).toHaveLength(3);
  });

  it('asks as long as somebody depends on it', async () => {
    const { depend, asked } = monitor(() => ({ allowed: true }));
    const ends = [depend(), depend()];
    ends[0]?.();
    ends[0]?.();
    await eventually(() => expect(asked.length).toBeGreaterThan(2));
    ends[1]?.();
    const count = asked.length;
    const another = monitor(() => ({ allowed: true }));
    another.depend();
    await eventually(() => expect(another.asked.length).toBeGreaterThan(5));
    expect(asked).toHaveLength(count);
  });

  it('ends with a review that is refused with 401', async () => {
    const { depend, told } = monitor(() => refusal(401));
    depend();
    await eventually(() => expect(told).toEqual([expect.any(Unauthenticated)]));
  });

  it('survives what an API server answers while it starts: a refusal of the review, and a denial', async () => {
    let reviews = 0;
    const { depend, told } = monitor(() => {
      reviews += 1;
      if (reviews % 4 === 1) refusal(403);
      return { allowed: reviews % 4 !== 2 };
    });
    depend();
    await eventually(() => expect(reviews).toBeGreaterThan(12));
    expect(told).toEqual([]);
  });

  it('survives reviews that fail, but not for long', async () => {
    let failures = 0;
    const patient = monitor(() => {
      failures += 1;
      return failures < 5 ? refusal(500) : { allowed: true };
    });
    patient.depend();
    await eventually(() => expect(failures).toBeGreaterThan(6));
    expect(patient.told).toEqual([]);
    const impatient = monitor(() => refusal(500), { patienceMs: 0 });
    impatient.depend();
    await eventually(() => expect(impatient.told).toEqual([expect.any(Unavailable)]));
  });
});
