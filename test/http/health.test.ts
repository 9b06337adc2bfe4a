import { expect, it, onTestFinished } from 'vitest';
import { Unavailable } from '../../src/errors.ts';
import { type AdminServerOptions, createAdminServer } from '../../src/http/admin-server.ts';
import { memoryLog } from './fixture.ts';

async function startAdmin(options: Partial<AdminServerOptions>) {
  const { logger, log } = memoryLog();
  const server = createAdminServer({ ready: async () => undefined, logger, port: 0, ...options });
  const { url } = await server.listen();
  onTestFinished(() => server.close());
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init);
    return [response.status, await response.text()] as const;
  };
  return { get, log };
}

it('the process is healthy, ready or not', async () => {
  const { get } = await startAdmin({ ready: () => Promise.reject(new Error('no')) });
  expect(await get('/healthz')).toEqual([200, 'ok']);
});

it('readiness is 200', async () => {
  const { get } = await startAdmin({});
  expect(await get('/readyz')).toEqual([200, 'ok']);
  expect(await get('/readyz?verbose')).toEqual([200, 'ok']);
});

it('a server that is not ready says what a client may know', async () => {
  const { get } = await startAdmin({ ready: () => Promise.reject(new Unavailable('The cluster is gone')) });
  expect(await get('/readyz')).toEqual([503, 'not ready: The cluster is gone']);
});

it('an unknown reason for not being ready is in the log alone', async () => {
  const { get, log } = await startAdmin({ ready: () => Promise.reject(new Error('inner')) });
  expect(await get('/readyz')).toEqual([503, 'not ready: see the log']);
  expect(log).toMatchObject([{ msg: 'not ready', err: { message: 'inner' } }]);
});

it('a check that throws is a check that failed', async () => {
  const ready = () => {
    throw new Unavailable('at once');
  };
  const { get } = await startAdmin({ ready });
  expect(await get('/readyz')).toEqual([503, 'not ready: at once']);
});

it('a check that hangs is not waited for', async () => {
  const { get } = await startAdmin({ ready: () => new Promise(() => undefined), readyTimeoutMs: 1 });
  expect(await get('/readyz')).toEqual([503, 'not ready: no response within 1 ms']);
});

it('however many ask, one check runs', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let checks = 0;
  const ready = () => {
    checks++;
    begun.resolve();
    return promise;
  };
  const { get } = await startAdmin({ ready, readyTimeoutMs: 2 ** 31 - 1, readyCacheMs: 2 ** 31 - 1 });
  const first = get('/readyz');
  await begun.promise;
  const others = [get('/readyz'), get('/readyz')];
  await get('/healthz');
  resolve();
  expect(await Promise.all([first, ...others])).toEqual(Array(3).fill([200, 'ok']));
  await get('/readyz');
  expect(checks).toBe(1);
});

it('an outcome is forgotten after its time', async () => {
  let checks = 0;
  const ready = async () => {
    if (++checks === 1) throw new Unavailable('not yet');
  };
  const { get } = await startAdmin({ ready, readyCacheMs: 0 });
  expect((await get('/readyz'))[0]).toBe(503);
  expect((await get('/readyz'))[0]).toBe(200);
});

it('further pages are served beside the probes', async () => {
  const pages = {
    '/metrics': async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1' }),
    '/broken': () => Promise.reject(new Error('inner')),
  };
  const { get } = await startAdmin({ pages });
  expect(await get('/metrics')).toEqual([200, 'up 1']);
  expect(await get('/broken')).toEqual([500, 'internal error']);
});

it.for(['/', '/healthz/', '/graphql', '/toString', '/readyz/..%2f'])('%s is not found', async (path) => {
  const { get } = await startAdmin({});
  expect(await get(path)).toEqual([404, 'not found']);
});

it('no method but GET and HEAD is allowed', async () => {
  const { get } = await startAdmin({});
  expect(await get('/healthz', { method: 'HEAD' })).toEqual([200, '']);
  expect((await get('/healthz', { method: 'POST' }))[0]).toBe(405);
});
