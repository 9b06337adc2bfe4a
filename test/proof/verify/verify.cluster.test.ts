import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createControllerProcess } from '../../../src/commands/controller.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { parseAuditId } from '../../../src/verification/request-record.ts';
import { type Verdict, verifyFiles } from '../../../src/verification/verify.ts';
import type { WritLog } from '../../../src/verification/writ-log.ts';
import { TIMINGS } from '../../controller/fixture.ts';
import { ALL_OPERATIONS, CREATE_SCHEDULES, SCHEDULE_SETTINGS } from '../../support/all-operations.ts';
import { PEOPLE } from '../../support/test-cluster.ts';
import { startWrit } from '../../support/writ.ts';
import { apply, EDITS, isCheckedCall } from './edits.ts';
import { plant, withPlanted } from './planted.ts';
import { IDENTITIES, type Line, linesAfter, verdictOf, writLogOf } from './recorded-log.ts';

/** The whole figures: WRIT_VERIFY_CALLS=20000 WRIT_VERIFY_TRIES=1000. */
const CALLS = Number(process.env.WRIT_VERIFY_CALLS ?? 1_500);
const TRIES = Number(process.env.WRIT_VERIFY_TRIES ?? 60);

const CREATE = 'mutation { createSession(input: {project: "demo", start: true}) { session { name } } }';

describe("writ verify on the cluster's audit log", () => {
  const cluster = inject('cluster');
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 }, environment: SCHEDULE_SETTINGS });
  let lines: Line[] = [];
  let own: string[] = [];
  let writLog: WritLog;
  const random = seeded(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

  beforeAll(async () => {
    const before = statSync(cluster.auditLog).size;
    const controllerLog: string[] = [];
    const stream = new PassThrough().on('data', (chunk: Buffer) => controllerLog.push(chunk.toString()));
    const endpoint = { server: writ.sandbox.server, ca: writ.sandbox.ca };
    const controller = createControllerProcess({
      config: readConfig({ WRIT_ADMIN_PORT: '0', WRIT_CALL_TIMEOUT_MS: '60000' }),
      cluster: {
        endpoint,
        backendEndpoint: endpoint,
        backendCredential: async () => `Bearer ${cluster.identities.controller.token}`,
      },
      logger: createLogger({ level: 'debug', destination: stream }),
      timings: TIMINGS,
    });
    expect((await writ.as('admin', CREATE_SCHEDULES)).errors).toBeUndefined();
    // Enough requests to plant violations in. The controller, whose delays are short here, would interfere with their runs.
    for (let n = 0; n < 8; n += 1) expect((await writ.as('alice', CREATE)).errors).toBeUndefined();
    for (const name of ['started-1', 'started-2', 'started-3']) {
      for (const mutation of [
        `createSession(input: {project: "demo", name: "${name}", start: false})`,
        `startSession(project: "demo", name: "${name}")`,
      ])
        expect((await writ.as('alice', `mutation { ${mutation} { __typename } }`)).errors).toBeUndefined();
    }
    await controller.start();
    for (let round = 0; round === 0 || linesAfter(cluster.auditLog, before).length < CALLS; round += 1) {
      for (const who of PEOPLE) {
        for (const { query } of ALL_OPERATIONS) await writ.as(who, query);
      }
    }
    // Subscriptions and passes end a moment after the last operation.
    await delay(2_000);
    await controller.close();
    await delay(1_000);
    lines = linesAfter(cluster.auditLog, before);
    own = [...writ.log.text().split('\n'), ...controllerLog.join('').split('\n')].filter(Boolean);
    writLog = writLogOf(own);
  }, 1_800_000);

  /**
   * A feed goes on for a moment after the subscription that began it: nobody says how many calls it makes then. A call without a
   * response can have reached the API server or not.
   */
  function isLogged({ call }: Line): boolean {
    const id = parseAuditId(call?.auditId ?? '');
    const logged = writLog.operations.find(({ requestId }) => requestId === id?.requestId);
    const isAnswered = !writLog.unanswered.has(call?.auditId ?? '');
    return id !== undefined && logged !== undefined && id.number <= logged.calls && isAnswered;
  }

  it('finds no violation in what Writ has done, with and without what Writ itself has logged', () => {
    const verdict = verdictOf(lines, writLog);
    process.stdout.write(
      `verified: ${verdict.lines} lines, ${verdict.calls} calls of Writ in ${verdict.requests} requests, ${verdict.violations.length} violations\n`,
    );
    expect(verdict.violations).toEqual([]);
    expect(verdict.foreign).toEqual([]);
    // Without Writ's log it is not known that a call never arrived.
    const unexplained = verdictOf(lines).violations.filter(({ kind }) => kind !== 'missing-calls');
    expect(unexplained).toEqual([]);
    expect(verdict.calls).toBeGreaterThan(CALLS / 2);
  });

  it('comes to the same verdict in whatever order the lines are, and in several files', async () => {
    const planted = withPlanted(lines, plant(lines));
    const expected = sorted(verdictOf(planted, writLog));
    for (let n = 0; n < TRIES / 10; n += 1) {
      const shuffled = planted.toSorted(() => random() - 0.5);
      expect(sorted(verdictOf(shuffled, writLog))).toEqual(expected);
    }
    const directory = mkdtempSync(join(tmpdir(), 'writ-verify-'));
    const write = (name: string, texts: string[]) => {
      const file = join(directory, name);
      writeFileSync(file, `${texts.join('\n')}\n`);
      return file;
    };
    const texts = planted.map(({ text }) => text);
    const verdict = await verifyFiles({
      auditLogs: [0, 1].map((part) =>
        write(
          `${part}.log`,
          texts.filter((_, index) => index % 2 === part),
        ),
      ),
      receipts: [write('writ.log', own)],
      identities: IDENTITIES,
      clockSkewMs: 0,
    });
    rmSync(directory, { recursive: true });
    expect(sorted(verdict)).toEqual(expected);
  });

  it('names each violation that is planted', () => {
    const planted = plant(lines);
    const { violations } = verdictOf(withPlanted(lines, planted));
    const unnamed = planted.filter(
      ({ kind, auditId }) => !violations.some((found) => found.kind === kind && found.auditId === auditId),
    );
    process.stdout.write(`planted: ${planted.length} violations, ${planted.length - unnamed.length} named\n`);
    expect(unnamed.map(({ kind, auditId }) => `${kind} ${auditId}`)).toEqual([]);
    expect(planted.length).toBeGreaterThanOrEqual(20);
  });

  it('notices each line of Writ that is removed, with its log as receipts', () => {
    const checked = lines.filter((line) => isCheckedCall(line) && isLogged(line));
    const missed: string[] = [];
    for (let n = 0; n < TRIES; n += 1) {
      const removed = pick(checked);
      const auditId = removed.call?.auditId ?? '';
      const { violations } = verdictOf(
        // A watch has two lines.
        lines.filter(({ call }) => call?.auditId !== auditId),
        writLog,
      );
      const requestId = auditId.replace(/\.\d+$/, '');
      if (!violations.some((found) => found.auditId.startsWith(requestId))) missed.push(removed.text);
    }
    process.stdout.write(`removed: ${TRIES} lines, ${TRIES - missed.length} named\n`);
    expect(missed).toEqual([]);
  });

  it.each(EDITS)('notices each change of $of', (edit) => {
    const checked = lines.filter((line) => isCheckedCall(line) && isLogged(line) && edit.applies(line));
    const missed: string[] = [];
    const tries = Math.ceil(TRIES / EDITS.length);
    for (let n = 0; n < tries; n += 1) {
      const line = pick(checked);
      const requestId = line.call?.auditId.replace(/\.\d+$/, '') ?? '';
      const changed = apply(edit, line);
      const { violations } = verdictOf(
        lines
          .filter((each) => each === line || each.call?.auditId !== line.call?.auditId)
          .map((each) => (each === line ? changed : each)),
        writLog,
      );
      const isNamed = violations.some(
        ({ auditId }) => auditId.startsWith(requestId) || auditId === changed.call?.auditId,
      );
      if (!isNamed) missed.push(line.text);
    }
    process.stdout.write(`changed ${edit.of}: ${tries} lines, ${tries - missed.length} named\n`);
    expect(missed).toEqual([]);
  });
});

function sorted({ violations, foreign }: Verdict): string[] {
  return [...violations, ...foreign].map(({ kind, auditId }) => `${kind} ${auditId}`).sort();
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
