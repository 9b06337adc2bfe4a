import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { JOBS, SESSIONS } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('name uid');
const KIB = 1_024;

describe('the largest session that Writ accepts', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');
  const create = (input: Record<string, unknown>) =>
    writ.as('alice', CREATE, { input: { project: 'demo', ...input } });

  /** The environment that the run's process gets from its Job. Kubernetes makes `$` of `$$`. */
  async function environmentOf(uid: string): Promise<Record<string, string>> {
    const { body } = await admin.get(`${JOBS('demo')}/session-${uid}-1`);
    const env = body.spec.template.spec.containers[0].env as { name: string; value?: string }[];
    return Object.fromEntries(
      env.flatMap(({ name, value }) =>
        value === undefined ? [] : [[name, value.replaceAll('$$', () => '$')]],
      ),
    );
  }

  it.runIf(process.platform === 'linux').each([
    ['a prompt of letters', { initialPrompt: 'x'.repeat(131_056) }],
    ['a prompt of ideographs', { initialPrompt: '\u6f22'.repeat(43_685) }],
    [
      'a value of ideographs under a long name',
      { environmentVariables: [{ key: 'A'.repeat(256), value: '\u6f22'.repeat(32_768) }] },
    ],
    [
      'all fields as long as they can be',
      {
        initialPrompt: 'x'.repeat(131_056),
        repos: Array(32).fill({ url: `https://a.b/${'c'.repeat(2_000)}`, branch: '\u6f22'.repeat(253) }),
        environmentVariables: Array.from({ length: 21 }, (_, n) => ({
          key: `V${n}`,
          value: 'x'.repeat(32_768),
        })),
      },
    ],
  ])('has a run that a process can start with, beside a Secret of the maximum size: %s', async (_, input) => {
    const { data, errors } = await create(input);
    expect(errors).toBeUndefined();
    const secret = Object.fromEntries(
      Array.from({ length: 16 }, (_, n) => [`S${n}`, 'x'.repeat(64 * KIB - 8)]),
    );
    const env = { ...(await environmentOf(data.createSession.session.uid)), ...secret };
    const { error, status } = spawnSync('/bin/true', [], { env });
    expect({ error, status }).toEqual({ error: undefined, status: 0 });
  });

  it('is the largest that can be started, too, if it was stored without Writ', async () => {
    await putSession(admin, 'demo', 'long-prompt', { spec: { initialPrompt: '\u6f22'.repeat(60_000) } });
    const start = 'mutation { startSession(project: "demo", name: "long-prompt") { session { name } } }';
    const result = await writ.as('alice', start);
    expect(codeOf(result)).toBe('BAD_USER_INPUT');
    expect(result.errors?.[0]?.extensions.fields).toMatchObject([
      { path: 'session.spec.initialPrompt', message: expect.stringContaining('131056 bytes') },
    ]);
    const { body } = await admin.get(`${SESSIONS('demo')}/long-prompt`);
    expect(body.status.conditions).toMatchObject([
      { type: 'RunCreated', status: 'False', reason: 'InvalidSession' },
    ]);
  });
});
