import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createScope } from '../../src/kubernetes/scope.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import { eventually } from '../support/eventually.ts';
import { transportTo } from '../support/transport.ts';
import { sends, silence, startScriptedCluster, status } from './scripted-cluster.ts';

describe('a followed log', () => {
  const { cluster, transports } = startScriptedCluster();

  function user(
    options: Partial<Parameters<typeof transportTo>[1]> = {},
    signal = new AbortController().signal,
    onRejected?: () => void,
  ) {
    const transport = transportTo({ server: transports().narrow.server }, { connections: 1, ...options });
    const reader = new UserCluster(transport, new UserToken('t'), createScope('test', signal), onRejected);
    return { transport, open: () => reader.followLog('demo', 'pod', { container: 'c', idleMs: 60_000 }) };
  }

  it('goes on longer than a call may take', async () => {
    let print = (_: string) => {};
    cluster.lists = [
      ({ response }) => {
        response.flushHeaders();
        print = (text) => void response.end(text);
      },
    ];
    const { transport, open } = user({ callTimeoutMs: 200 });
    // On a busy machine the headers may come too late.
    const bytes = await eventually(open);
    await delay(300);
    print('late');
    const chunks: string[] = [];
    for await (const chunk of bytes) chunks.push(Buffer.from(chunk).toString());
    expect(chunks).toEqual(['late']);
    await transport.destroy();
  });

  it('has the deadline of a call for its headers, and for a connection', async () => {
    cluster.lists = [() => {}];
    const { transport, open } = user({ callTimeoutMs: 200 });
    await expect(open()).rejects.toMatchObject({ code: 'TIMEOUT' });
    cluster.lists = [silence];
    await eventually(open);
    await expect(open()).rejects.toMatchObject({ code: 'TIMEOUT' });
    await transport.destroy();
  });

  it('ends with the scope', async () => {
    cluster.lists = [sends('line\n')];
    const ends = new AbortController();
    const { transport, open } = user({}, ends.signal);
    const bytes = (await open())[Symbol.asyncIterator]();
    expect(Buffer.from((await bytes.next()).value ?? []).toString()).toBe('line\n');
    const next = bytes.next();
    ends.abort();
    await expect(next).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(open()).rejects.toMatchObject({ code: 'TIMEOUT' });
    await transport.destroy();
  });

  it('reports a token that the cluster rejects', async () => {
    cluster.lists = [status(401)];
    let rejected = 0;
    const { transport, open } = user({}, undefined, () => {
      rejected += 1;
    });
    await expect(open()).rejects.toMatchObject({ statusCode: 401 });
    expect(rejected).toBe(1);
    await transport.destroy();
  });
});
