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
  const admin = writ.kubernetes('admin');
  const FIELDS = 'name eventsTruncated events { reason }';

  /** The cluster has this many events about the first session, and one about the second after them, and answers them in pages. */
  async function readWith(count: number, query: string) {
    const uidOf = async (name: string) =>
      (await admin.get(`${SESSIONS('demo')}/${name}`)).body.metadata.uid as string;
    const [first, second] = [await uidOf('migrate-ci'), await uidOf('fix-cart-rounding')];
    const all = [
      ...Array.from({ length: count }, (_, n) => ({ name: `e-${n}`, uid: first, reason: 'OfTheFirst' })),
      { name: 'last', uid: second, reason: 'OfTheSecond' },
    ].map(({ name, uid, reason }) => ({
      metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
      involvedObject: { uid },
      reason,
    }));
    const asked: { limit: number; uid: string | undefined }[] = [];
    writ.proxy.set(({ path }, forward) => {
      const { pathname, searchParams } = new URL(path, 'https://cluster');
      if (!pathname.endsWith('/events')) return forward();
      const limit = Number(searchParams.get('limit'));
      const [, uid] = /^involvedObject\.uid=(.+)$/.exec(searchParams.get('fieldSelector') ?? '') ?? [];
      asked.push({ limit, uid });
      const selected = all.filter(({ involvedObject }) => uid === undefined || involvedObject.uid === uid);
      const start = Number(searchParams.get('continue') ?? 0);
      const end = Math.min(start + limit, selected.length);
      const metadata = { resourceVersion: '1', ...(end < selected.length && { continue: String(end) }) };
      return {
        status: 200,
        body: { kind: 'EventList', apiVersion: 'v1', metadata, items: selected.slice(start, end) },
      };
    });
    const { data, errors } = await writ.as('victor', query);
    expect(errors).toBeUndefined();
    const found = Object.values(data).map((session) => {
      const { eventsTruncated, events } = session as { eventsTruncated: boolean; events: unknown[] };
      return { eventsTruncated, found: events.length };
    });
    return { found, asked, first, second };
  }

  it('is not searched for those of one session: they are selected by the UIDs of its objects', async () => {
    const query = `{ a: session(project: "demo", name: "fix-cart-rounding") {
      ${FIELDS} job { id } pods { id } } }`;
    const { found, asked, second } = await readWith(3_000, query);
    expect(found).toEqual([{ eventsTruncated: false, found: 1 }]);
    const { uids, others } = {
      uids: asked.map(({ uid }) => uid),
      others: asked.filter(({ uid }) => uid === undefined),
    };
    expect(others).toEqual([]);
    expect(uids).toContain(second);
    // The session, and at least its Job and its pod.
    expect(new Set(uids).size).toBeGreaterThan(2);
    expect(uids).toHaveLength(new Set(uids).size);
  });

  it('is searched once for those of several sessions, for 2,000 events, 500 at a time', async () => {
    const query = `{ a: session(project: "demo", name: "migrate-ci") { ${FIELDS} }
      b: session(project: "demo", name: "fix-cart-rounding") { ${FIELDS} } }`;
    const whole = [500, 500, 500, 500].map((limit) => ({ limit, uid: undefined }));
    expect(await readWith(1_999, query)).toMatchObject({
      found: [
        { eventsTruncated: false, found: 1_999 },
        { eventsTruncated: false, found: 1 },
      ],
      asked: whole,
    });
    expect(await readWith(2_000, query)).toMatchObject({
      found: [
        { eventsTruncated: true, found: 2_000 },
        { eventsTruncated: true, found: 0 },
      ],
      asked: whole,
    });
  });

  it('shows at most 2,000 of one object', async () => {
    const query = `{ a: session(project: "demo", name: "migrate-ci") { ${FIELDS} } }`;
    expect((await readWith(2_001, query)).found).toEqual([{ eventsTruncated: true, found: 2_000 }]);
  });
});
