import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAYGROUND_OPERATIONS } from '../../src/http/playground-operations.ts';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { chromiumFor, launchChromium } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { PlaygroundPage } from '../support/playground-page.ts';
import { putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const chromium = chromiumFor('the playground in a browser');

describe.skipIf(!chromium)('the playground in a browser', () => {
  let browser: Browser;
  const writ = startWrit({
    environment: SCHEDULE_SETTINGS,
    playground: { operations: PLAYGROUND_OPERATIONS, token: 'sandbox-alice-token' },
  });

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
  });
  afterAll(() => browser.close());

  async function openPlayground() {
    const page = await browser.newPage();
    const outside: string[] = [];
    page.on('request', (request) => {
      if (
        !request
          .url()
          .replace(/^blob:/, '')
          .startsWith(new URL(writ.url).origin)
      )
        outside.push(request.url());
    });
    const playground = new PlaygroundPage(page);
    await playground.open(writ.url);
    return { playground, outside };
  }

  it('opens with operations and a token that work, and loads nothing from outside', async () => {
    const { playground, outside } = await openPlayground();
    const answer = JSON.parse(await playground.execute());
    expect(answer.errors).toBeUndefined();
    expect(answer.data.project.sessions.nodes.length).toBeGreaterThan(3);
    await eventually(async () => expect(await playground.result()).toContain('document-webhooks'));
    expect(outside).toEqual([]);
  });

  it('shows victor that he may not create a session', async () => {
    const { playground } = await openPlayground();
    await playground.selectTab('CreateSession');
    await playground.setHeaders({ authorization: 'Bearer sandbox-victor-token' });
    const answer = JSON.parse(await playground.execute());
    expect(answer.errors[0].extensions.code).toBe('FORBIDDEN');
    await eventually(async () =>
      expect(await playground.result()).toContain('You may not create agenticsessions'),
    );
  });

  it('runs each of the operations that it opens with as alice', async () => {
    const { playground } = await openPlayground();
    for (const name of ['CreateSession', 'Session', 'Viewer']) {
      await playground.selectTab(name);
      const answer = JSON.parse(await playground.execute());
      expect([name, answer.errors]).toEqual([name, undefined]);
    }
  });

  it('makes a project, shares it, schedules sessions in it, and deletes it', async () => {
    const { playground } = await openPlayground();
    // A click that seems to have been passed over is repeated: what it has done already is then in the way.
    const isDone = (code: string) => ['CONFLICT', 'NOT_FOUND'].includes(code);
    type Coded = { extensions: { code: string } };
    const run = async (name: string) => {
      await playground.selectTab(name);
      const { data, errors } = JSON.parse(await playground.execute());
      const codes = (errors ?? []).map(({ extensions }: Coded) => extensions.code);
      expect([name, codes.filter((code: string) => !isDone(code))]).toEqual([name, []]);
      return data;
    };
    for (const name of ['CreateProject', 'ShareProject', 'SetRunnerSecret', 'CreateScheduledSession'])
      await run(name);
    const { project } = await run('ProjectSettings');
    expect(project.members).toContainEqual({
      subjectKind: 'USER',
      subjectName: 'victor',
      role: 'VIEW',
      origin: 'WRIT',
    });
    expect(project).toMatchObject({
      runnerSecretKeys: ['ANTHROPIC_API_KEY'],
      scheduledSessions: [{ name: 'check-links', schedule: '0 9 * * 1-5', suspended: false }],
    });
    await run('DeleteProject');
    const { data } = await writ.as('admin', '{ project(name: "my-project") { projectPhase } }');
    expect([null, { projectPhase: 'TERMINATING' }]).toContainEqual(data.project);
  });

  it('shows what a subscription sends, until it is stopped', async () => {
    const { playground, outside } = await openPlayground();
    const admin = writ.kubernetes('admin');
    await playground.selectTab('LiveSessions');
    await playground.start();
    await eventually(async () => expect(await playground.result()).toContain('"type": "RESET"'));
    await putSession(admin, 'demo', 'seen-live', { spec: { displayName: 'Seen live' } });
    await eventually(async () => expect(await playground.result()).toContain('Seen live'));
    await playground.stop();
    await playground.selectTab('LiveLogs');
    await playground.start();
    await eventually(async () => expect(await playground.result()).toContain('agent session opened'));
    await playground.stop();
    await eventually(() => expect(writ.memory.reserved).toBe(0));
    expect(outside).toEqual([]);
  });
});
