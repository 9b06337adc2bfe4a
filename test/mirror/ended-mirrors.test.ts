import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { RBAC, SESSIONS } from '../support/objects.ts';
import { putProject, putSession, putSessions } from '../support/put-objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';
import { MIRRORS, mirrored, NEWEST, untilMirrored } from './fixture.ts';

const EVENTS = 'subscription { sessions(project: "p") { events { type } } }';

describe('a mirror', () => {
  const writ = startWrit({
    sandbox: { demo: false },
    // The review of each read is a new one.
    reviews: { allowMs: 0, denyMs: 0 },
    authentication: { subjectMs: 10_000, rejectedMs: 5_000 },
    environment: MIRRORS,
  });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'p');
    await putProject(admin, 'q');
    await putSessions(admin, 'p', ['a', 'b']);
    await putSessions(admin, 'q', ['c']);
  });

  it('is not read once the right to list is gone, and ends', async () => {
    await untilMirrored(writ, 'alice', 'q');
    const bindings = (await admin.get(RBAC('q', 'rolebindings'))).body.items;
    for (const { metadata, subjects } of bindings) {
      if (subjects[0].name === 'alice') await admin.delete(`${RBAC('q', 'rolebindings')}/${metadata.name}`);
    }
    const answer = await writ.as('alice', NEWEST, { project: 'q' });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(mirrored(answer)).toEqual([]);
    await eventually(async () => {
      const metrics = await (await fetch(`${writ.adminUrl}/metrics`)).text();
      expect(metrics).toMatch(/writ_cache_entries\{cache="mirrors"\} 0/);
    });
  });

  it('shares the watch of the subscriptions of its token, and begins with the first scan beside one', async () => {
    const before = writ.sandbox.requests.length;
    const stream = await writ.subscribe('victor', EVENTS);
    await stream.next();
    await writ.as('victor', NEWEST, { project: 'p' });
    await eventually(async () =>
      expect(mirrored(await writ.as('victor', NEWEST, { project: 'p' }))).toHaveLength(1),
    );
    await putSession(admin, 'p', 'd');
    await eventually(async () => {
      const { nodes } = (await writ.as('victor', NEWEST, { project: 'p' })).data.project.sessions;
      expect(nodes.map(({ name }: { name: string }) => name)).toContain('d');
    });
    const watches = writ.sandbox.requests.slice(before).filter(({ verb }) => verb === 'watch');
    expect(watches).toHaveLength(1);
    stream.close();
    // The mirror goes on without the subscription.
    await admin.patch(`${SESSIONS('p')}/d`, { spec: { displayName: 'later' } });
    await eventually(async () => {
      const answer = await writ.as('victor', NEWEST, { project: 'p' });
      expect(mirrored(answer)).toHaveLength(1);
      expect(answer.data.project.sessions.nodes).toContainEqual({ name: 'd', displayName: 'later' });
    });
  });
});

describe('mirrors that nobody reads', () => {
  const writ = startWrit({
    sandbox: { demo: false },
    environment: { ...MIRRORS, WRIT_MIRROR_IDLE_MS: '300' },
  });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'p');
    await putSessions(admin, 'p', ['a', 'b']);
  });

  it('end, and with them their watches', async () => {
    await untilMirrored(writ, 'alice', 'p');
    await eventually(async () => {
      const metrics = await (await fetch(`${writ.adminUrl}/metrics`)).text();
      expect(metrics).toMatch(/writ_cache_entries\{cache="mirrors"\} 0/);
      expect(metrics).toMatch(/writ_cache_bytes\{cache="mirrors"\} 0/);
      expect(writ.memory.reserved).toBe(0);
    });
  });
});

describe('mirrors of a tenant who has as many large projects as there is room for', () => {
  const PROJECTS = ['h1', 'h2', 'h3', 'h4'];
  const writ = startWrit({
    sandbox: { demo: false },
    environment: { WRIT_MIRROR_BYTES: '3000000', WRIT_USER_MIRRORS: '3' },
  });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    for (const project of ['p', ...PROJECTS]) await putProject(admin, project);
    await putSessions(admin, 'p', ['a', 'b']);
    for (const project of PROJECTS) {
      for (let n = 0; n < 4; n += 1) {
        await putSession(admin, project, `s-${n}`, { spec: { initialPrompt: 'x'.repeat(60_000) } });
      }
    }
  });

  it('take no more than its part, and no mirror from another user', async () => {
    await untilMirrored(writ, 'victor', 'p');
    for (let round = 0; round < 5; round += 1) {
      for (const project of PROJECTS) {
        const answer = await writ.as('alice', NEWEST, { project });
        expect(answer.errors).toBeUndefined();
        expect(answer.data.project.sessions.totalCount).toBe(4);
      }
      expect(mirrored(await writ.as('victor', NEWEST, { project: 'p' }))).toHaveLength(1);
      const metrics = await (await fetch(`${writ.adminUrl}/metrics`)).text();
      const [, bytes] = /writ_cache_bytes\{cache="mirrors"\} (\d+)/.exec(metrics) ?? [];
      expect(Number(bytes)).toBeLessThanOrEqual(3_000_000);
    }
  });
});

describe('mirrors of a user who looks at more projects than may have one', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { ...MIRRORS, WRIT_USER_MIRRORS: '2' } });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    for (const project of ['p', 'q', 'r']) {
      await putProject(admin, project);
      await putSessions(admin, project, ['a']);
    }
  });

  it('stay while they are in use, and the others are read from the cluster', async () => {
    await untilMirrored(writ, 'alice', 'p');
    await untilMirrored(writ, 'alice', 'q');
    const { requests } = await writ.requestsDuring(async () => {
      for (let round = 0; round < 5; round += 1) {
        const answers = [];
        for (const project of ['p', 'q', 'r']) answers.push(await writ.as('alice', NEWEST, { project }));
        expect(answers.map((answer) => mirrored(answer).length)).toEqual([1, 1, 0]);
      }
    });
    expect(requests.filter(({ verb }) => verb === 'watch')).toEqual([]);
    // Another user's is not affected.
    await untilMirrored(writ, 'victor', 'r');
  });
});
