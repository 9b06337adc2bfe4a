import { beforeAll, describe, expect, it } from 'vitest';
import { status } from '../../support/cluster-proxy.ts';
import { startProxiedWrit } from '../../support/proxied-writ.ts';
import { putProject, putSession, putSessions } from '../../support/put-objects.ts';
import { singleSessions, updateSessionMutation } from '../../support/session-operations.ts';
import { codeOf } from '../../support/writ.ts';

const SINGLE = (count: number) => `{ ${singleSessions('p', count)} }`;
const PAGE = '{ project(name: "p") { sessions { nodes { name } } } }';
const isList = ({ path }: { path: string }) => path.includes('/agenticsessions');

describe('the budget of a request', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_REQUEST_CALLS: '4', WRIT_REQUEST_BYTES_READ: '60000' },
  });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'p');
    await putSessions(admin, 'p', ['s-0', 's-1', 's-2', 's-3', 's-4', 's-5']);
    await putProject(admin, 'large');
    await putSession(admin, 'large', 'large', { spec: { initialPrompt: 'x'.repeat(50_000) } });
  });

  it('ends with its calls: the fields beyond it are QUERY_TOO_COMPLEX, the others have their data', async () => {
    const { data, errors } = await writ.as('alice', SINGLE(6));
    const tooComplex = { code: 'QUERY_TOO_COMPLEX', limit: 'clusterCalls', maximum: 4 };
    expect(errors).toMatchObject([
      { path: ['s4'], extensions: tooComplex },
      { path: ['s5'], extensions: tooComplex },
    ]);
    expect(data).toMatchObject({ s0: { name: 's-0' }, s3: { name: 's-3' }, s4: null });
  });

  it('is that of one request: the next one has its own', async () => {
    for (const _ of [1, 2]) expect((await writ.as('alice', SINGLE(4))).errors).toBeUndefined();
  });

  it('ends with the bytes that it reads, kept or not', async () => {
    const query = `{ project(name: "large") {
      a: sessions(filter: { search: "none" }) { nodes { name } }
      b: sessions(filter: { search: "none" }, labelSelector: "a!=b") { nodes { name } }
    } }`;
    const { data, errors } = await writ.as('alice', query);
    expect(data.project).toMatchObject({ a: { nodes: [] }, b: null });
    expect(errors).toMatchObject([
      {
        path: ['project', 'b'],
        extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'bytesRead', maximum: 60_000 },
      },
    ]);
  });

  it('does not report a write as refused that the cluster has done', async () => {
    const query = updateSessionMutation('displayName');
    const input = { project: 'large', name: 'large', displayName: 'x'.repeat(250) };
    writ.proxy.set(async ({ method }, forward) => {
      const reply = await forward();
      // What a webhook adds to the object.
      if (method === 'PATCH') Object.assign(reply.body as object, { padding: 'x'.repeat(60_000) });
      return reply;
    });
    const { data, errors } = await writ.as('alice', query, { input });
    expect(errors).toBeUndefined();
    expect(data.updateSession.session.displayName).toBe(input.displayName);
  });

  it.each([
    [503, 3, 'UNAVAILABLE'],
    [504, 1, 'TIMEOUT'],
  ])('counts retries: a call that gets %i is sent %i times', async (code, times, expected) => {
    writ.proxy.set((request, forward) => (isList(request) ? status(code, 'Failed') : forward()));
    const before = writ.proxy.seen.length;
    expect(codeOf(await writ.as('alice', PAGE))).toBe(expected);
    // The project is a call too, so that three are left.
    expect(writ.proxy.seen.slice(before).filter(isList)).toHaveLength(times);
  });

  it('leaves no call for a retry when it is used up', async () => {
    writ.proxy.set((request, forward) => (isList(request) ? status(503, 'Failed') : forward()));
    const before = writ.proxy.seen.length;
    await writ.as('alice', SINGLE(3));
    expect(writ.proxy.seen.slice(before).filter(isList)).toHaveLength(4);
  });
});
