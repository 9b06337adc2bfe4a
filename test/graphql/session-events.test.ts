import { describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putEvent, putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

describe('the events of a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const EVENTS = `{ session(project: "eventful", name: "busy") {
    eventsTruncated
    events { type reason message count firstTimestamp lastTimestamp objectKind objectName }
  } }`;

  const at = (time: string, reason: string, more = {}) => ({
    reason,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: `2026-01-01T${time}`,
    ...more,
  });

  it('are those of the session, its jobs and its pods, newest first', async () => {
    await putProject(admin, 'eventful');
    const session = await putSession(admin, 'eventful', 'busy');
    const job = await putJob(admin, session);
    const pod = await putPod(admin, job);
    const other = await putSession(admin, 'eventful', 'other');
    const { name } = session.metadata;
    const former = { ...session, metadata: { ...session.metadata, uid: 'of-a-session-before' } };
    await putEvent(admin, session, at('00:00:02Z', 'SecondOldest', { type: 'Warning', count: 4 }));
    await putEvent(admin, other, at('00:00:03Z', 'OfAnother'));
    await putEvent(admin, former, at('00:00:03Z', 'OfAFormerOneOfTheName'));
    await putEvent(admin, job, at('00:00:05Z', 'Fourth'));
    await putEvent(admin, pod, at('00:00:01Z', 'Oldest'));
    const newKind = { firstTimestamp: null, lastTimestamp: null, count: undefined };
    // Half a second later than Fourth, though '.' sorts in front of 'Z'.
    await putEvent(admin, pod, at('', 'Fifth', { ...newKind, eventTime: '2026-01-01T00:00:05.500000Z' }));
    // Last seen at 7, first at 4.
    await putEvent(
      admin,
      pod,
      at('', 'Newest', {
        ...newKind,
        eventTime: '2026-01-01T00:00:04.000000Z',
        series: { count: 9, lastObservedTime: '2026-01-01T00:00:07.000000Z' },
      }),
    );
    await putEvent(admin, session, at('02:00:03+02:00', 'Third'));

    const { data, errors } = await writ.as('victor', EVENTS);
    expect(errors).toBeUndefined();
    const { events, eventsTruncated } = data.session;
    expect(eventsTruncated).toBe(false);
    expect(events.map(({ reason }: { reason: string }) => reason)).toEqual([
      'Newest',
      'Fifth',
      'Fourth',
      'Third',
      'SecondOldest',
      'Oldest',
    ]);
    expect(events[0]).toEqual({
      type: 'Normal',
      reason: 'Newest',
      message: 'It was created',
      count: 9,
      firstTimestamp: '2026-01-01T00:00:04.000000Z',
      lastTimestamp: '2026-01-01T00:00:07.000000Z',
      objectKind: 'Pod',
      objectName: pod.metadata.name,
    });
    expect(events[4]).toMatchObject({
      type: 'Warning',
      count: 4,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:02Z',
      objectKind: 'AgenticSession',
      objectName: name,
    });
  });
});

describe('a project with very many events', () => {
  const writ = startProxiedWrit();

  /** The cluster has this many, all about the session; it answers them in pages. */
  async function readWith(count: number) {
    const { body: session } = await writ.kubernetes('admin').get(`${SESSIONS('demo')}/migrate-ci`);
    const { uid } = session.metadata;
    const limits: number[] = [];
    writ.proxy.set(({ path }, forward) => {
      const { pathname, searchParams } = new URL(path, 'https://cluster');
      if (!pathname.endsWith('/events')) return forward();
      const limit = Number(searchParams.get('limit'));
      const start = Number(searchParams.get('continue') ?? 0);
      const end = Math.min(start + limit, count);
      limits.push(limit);
      const items = Array.from({ length: end - start }, (_, n) => ({
        metadata: { name: `e-${start + n}`, creationTimestamp: '2026-01-01T00:00:00Z' },
        involvedObject: { uid },
      }));
      const metadata = { resourceVersion: '1', ...(end < count && { continue: String(end) }) };
      return { status: 200, body: { kind: 'EventList', apiVersion: 'v1', metadata, items } };
    });
    const query = '{ session(project: "demo", name: "migrate-ci") { eventsTruncated events { count } } }';
    const { data, errors } = await writ.as('victor', query);
    expect(errors).toBeUndefined();
    const { eventsTruncated, events } = data.session;
    return { eventsTruncated, found: events.length, limits };
  }

  it('is looked through for 2,000 of them, 500 at a time', async () => {
    const limits = [500, 500, 500, 500];
    expect(await readWith(2_000)).toEqual({ eventsTruncated: false, found: 2_000, limits });
    expect(await readWith(2_001)).toEqual({ eventsTruncated: true, found: 2_000, limits });
    expect(await readWith(501)).toEqual({ eventsTruncated: false, found: 501, limits: [500, 500] });
  });
});
