import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { updateSessionMutation } from '../support/session-operations.ts';
import { codeOf, startWrit } from '../support/writ.ts';

/** How many mutations to make of sessions that are written all the time. */
const MUTATIONS = Number(process.env.BUSY_MUTATIONS ?? 25);
const CONCURRENT_SESSIONS = 4;
const REPORT_EVERY_MS = 20;

const UPDATE = updateSessionMutation();
const mutate = (name: string) => `mutation ($project: String!, $name: String!) {
  ${name}(project: $project, name: $name) { session { phase } }
}`;

describe('a session whose runner writes its status all the time', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'reporting';
  beforeAll(() => putProject(admin, project));

  it(`is updated, started, renamed and stopped: ${MUTATIONS} mutations without a CONFLICT`, async () => {
    const codes: Record<string, number> = {};
    let reports = 0;
    let made = 0;

    async function run(name: string, mutation: string, input: object = {}) {
      if (made >= MUTATIONS) return;
      made += 1;
      const answer =
        mutation === 'updateSession'
          ? await writ.as('alice', UPDATE, { input: { project, name, ...input } })
          : await writ.as('alice', mutate(mutation), { project, name });
      const result = `${mutation} ${codeOf(answer) ?? 'done'}`;
      codes[result] = (codes[result] ?? 0) + 1;
    }

    async function liveOf(name: string) {
      await putSession(admin, project, name, { spec: {}, status: { phase: 'Pending' } });
      let isBusy = true;
      const runner = (async () => {
        while (isBusy) {
          const lastActivityTime = new Date().toISOString();
          const report = { lastActivityTime, sdkRestartCount: reports % 1_000 };
          await admin.patch(`${SESSIONS(project)}/${name}/status`, { status: report });
          reports += 1;
          await delay(REPORT_EVERY_MS);
        }
      })();
      await run(name, 'updateSession', { initialPrompt: 'Do it', llmSettings: { temperature: 0.5 } });
      await run(name, 'startSession');
      await run(name, 'updateSession', { displayName: 'The one that matters' });
      await run(name, 'stopSession');
      await run(name, 'stopSession');
      isBusy = false;
      await runner;
    }

    let sessions = 0;
    const client = async () => {
      while (made < MUTATIONS) {
        sessions += 1;
        await liveOf(`busy-${sessions}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_SESSIONS }, client));

    process.stdout.write(`${made} mutations, ${reports} reports: ${JSON.stringify(codes)}\n`);
    expect(Object.keys(codes).filter((result) => !result.endsWith(' done'))).toEqual([]);
    expect(reports).toBeGreaterThan(0);
  });
});
