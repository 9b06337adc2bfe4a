import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { describe, expect, it } from 'vitest';
import { CpuShares } from '../../src/budgets/cpu-shares.ts';
import { BadUserInput } from '../../src/errors.ts';
import { useIdentity } from '../../src/http/plugins/use-identity.ts';
import { codes, post, start } from './fixture.ts';

/** Knows whose step is running. */
class WatchedShares extends CpuShares {
  running: string | undefined;

  override measure<T>(user: string, step: () => T): T {
    this.running = user;
    try {
      return super.measure(user, step);
    } finally {
      this.running = undefined;
    }
  }
}

describe('the time of the thread that fields take', () => {
  it('counts for the user, also for fields that fail before any call', async () => {
    const cpu = new WatchedShares();
    const seen: unknown[] = [];
    const resolve = () => {
      seen.push(cpu.running);
      throw new BadUserInput([{ path: 'after', message: 'is not a cursor' }]);
    };
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { page: { type: GraphQLString, resolve } },
    });
    const identity = useIdentity(async ({ state }) => {
      state.user = 'mallory';
      return {};
    });
    const { url } = await start({ schema: new GraphQLSchema({ query }), cpu, plugins: [identity] });
    const { body } = await post(url, { query: '{ a: page b: page }' });
    expect(codes(body)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
    expect(seen).toEqual(['mallory', 'mallory']);
  });
});
