import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSessionMutation } from '../support/session-operations.ts';
import { codeOf, startWritOn } from '../support/writ.ts';
import { startOwnControlPlane } from './own-control-plane.ts';

const QUERY = '{ project(name: "demo") { viewerCan(verb: "create") sessions { nodes { name } } } }';
const CREATE = createSessionMutation();
const ROUNDS = 3;
const CLIENTS = 8;

describe('queries and mutations while the API server is killed and started again', () => {
  const { cluster, controlPlane } = startOwnControlPlane();
  const writ = startWritOn(cluster, {
    // Each request asks the cluster for whom it is, and what that user may do.
    environment: { WRIT_LOG_LEVEL: 'silent', WRIT_CALL_TIMEOUT_MS: '2000' },
    reviews: { allowMs: 0, denyMs: 0, maxBytes: 10_000 },
  });

  it('are never FORBIDDEN, nor without their token: the server does not know its objects yet', async () => {
    const codes: Record<string, number> = {};
    let isOver = false;
    const client = async (number: number) => {
      for (let n = 0; !isOver; n += 1) {
        const variables = { input: { project: 'demo', displayName: `${number}-${n}`, start: false } };
        const answer =
          n % 3 === 0 ? await writ.as('alice', CREATE, variables) : await writ.as('alice', QUERY);
        const code = codeOf(answer) ?? 'done';
        codes[code] = (codes[code] ?? 0) + 1;
        await delay(10);
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
    for (let round = 0; round < ROUNDS; round += 1) {
      await delay(500);
      await controlPlane().restart();
    }
    await delay(500);
    isOver = true;
    await Promise.all(clients);
    process.stdout.write(`${ROUNDS} restarts: ${JSON.stringify(codes)}\n`);
    expect(Object.keys(codes)).not.toContain('FORBIDDEN');
    expect(Object.keys(codes)).not.toContain('NOT_FOUND');
    expect(codes.done).toBeGreaterThan(0);
  });
});
