import { beforeAll, describe, expect, it } from 'vitest';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { updateSessionMutation } from '../support/session-operations.ts';

const PROJECT = 'warned';
const UPDATE = updateSessionMutation('displayName');
const changed = { input: { project: PROJECT, name: 'kept', displayName: 'x' } };

describe('what the API server warns of', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false }, environment: { WRIT_LOG_LEVEL: 'info' } });
  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, PROJECT);
    await putSession(admin, PROJECT, 'kept');
  });
  const warn = (warning: string | string[], method = 'PATCH') =>
    writ.proxy.set(async (request, forward) => {
      const reply = await forward();
      const isWarned = request.method === method && request.path.includes('/agenticsessions');
      return isWarned ? { ...reply, headers: { ...reply.headers, warning } } : reply;
    });

  it.each([
    ['one', '299 - "will be removed"', ['will be removed']],
    ['several in one header', '299 - "one", 299 - "two, \\"quoted\\""', ['one', 'two, "quoted"']],
    ['several headers', ['299 - "one"', '299 - "two"', '299 - "one"'], ['one', 'two']],
    ['with a date', '299 kube "one" "Thu, 26 Nov 2026 00:00:00 GMT"', ['one']],
    ['with control characters', '299 - "a\tb"', ['a b']],
  ])('reaches the caller and the log: %s', async (_, header, expected) => {
    warn(header);
    const { errors, text } = await writ.as('alice', UPDATE, changed);
    expect(errors).toBeUndefined();
    expect(JSON.parse(text).extensions).toEqual({ warnings: expected.map((message) => ({ message })) });
    expect(writ.log.text()).toContain(JSON.stringify(expected.at(-1)));
  });

  it('is bounded', async () => {
    warn(Array.from({ length: 100 }, (_, n) => `299 - "${n}"`));
    const { text } = await writ.as('alice', UPDATE, changed);
    expect(JSON.parse(text).extensions.warnings).toHaveLength(20);
  });

  it('is not in answers to reads, which the caller did not word', async () => {
    warn('299 - "deprecated"', 'GET');
    const { text } = await writ.as(
      'alice',
      `{ project(name: "${PROJECT}") { sessions { nodes { name } } } }`,
    );
    expect(JSON.parse(text)).not.toHaveProperty('extensions');
  });
});
