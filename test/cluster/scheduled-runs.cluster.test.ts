import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { JOBS, SESSIONS } from '../support/objects.ts';
import { startProcess } from '../support/process.ts';
import { putProject } from '../support/put-objects.ts';
import { putSchedule } from '../support/schedules.ts';
import { startWrit } from '../support/writ.ts';

const PROJECT = 'scheduled';

interface Job {
  metadata: { name: string; labels?: Record<string, string>; ownerReferences?: { uid: string }[] };
}

describe('a schedule of Kubernetes', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  beforeAll(() => putProject(admin, PROJECT));

  it('makes a Job whose name Writ takes for its time, and the command of its pod creates one session', async () => {
    const schedule = await putSchedule(writ.sandbox, PROJECT, 'every-minute');
    // Kubernetes needs up to a minute.
    const job = await vi.waitFor(
      async () => {
        const { items } = (await admin.get(JOBS(PROJECT))).body;
        const own = items.find(({ metadata }: Job) => metadata.ownerReferences?.[0]?.uid === schedule.uid);
        expect(own).toBeDefined();
        return own as Job;
      },
      { timeout: 150_000, interval: 500 },
    );
    const directory = mkdtempSync(join(tmpdir(), 'writ-schedule-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const WRIT_SCHEDULE_TOKEN_FILE = join(directory, 'token');
    writeFileSync(WRIT_SCHEDULE_TOKEN_FILE, schedule.token);
    const environment = {
      WRIT_SCHEDULE_URL: writ.url,
      WRIT_SCHEDULE_NAMESPACE: PROJECT,
      WRIT_SCHEDULE_NAME: 'every-minute',
      WRIT_SCHEDULE_JOB: job.metadata.name,
      WRIT_SCHEDULE_TOKEN_FILE,
    };
    const outcomes = [];
    for (let n = 0; n < 2; n += 1) {
      const { code, lastLine } = await startProcess(['trigger'], environment).exited;
      expect(code).toBe(0);
      outcomes.push(JSON.parse(lastLine ?? '').outcome);
    }
    expect(outcomes).toEqual(['CREATED', 'ALREADY_CREATED']);
    const { items } = (await admin.get(SESSIONS(PROJECT))).body;
    expect(items).toHaveLength(1);
    expect(items[0].metadata.annotations).toMatchObject({
      'ambient-code.io/schedule-uid': schedule.uid,
      'ambient-code.io/requested-by': 'alice',
    });
    const minutes = Number(job.metadata.name.split('-').at(-1));
    const scheduled = Date.parse(items[0].metadata.annotations['ambient-code.io/scheduled-time']);
    expect(scheduled).toBe(minutes * 60_000);
    await admin.must('DELETE', schedule.path);
  });
});
