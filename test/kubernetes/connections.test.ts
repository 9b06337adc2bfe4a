import { expect, it } from 'vitest';
import { inTest } from '../support/hooks.ts';
import { type Answer, startWrit } from '../support/writ.ts';

const USERS = 50;
const REQUESTS = 1_000;
/** So many at a time: a server's backlog of new connections is limited. */
const CLIENTS = 200;
const POOL = 8;

it('1,000 requests by 50 users over TLS open no more connections to the cluster than the pool has', async () => {
  const writ = await inTest(startWrit, { environment: { WRIT_CLUSTER_CONNECTIONS: String(POOL) } });
  const admin = writ.kubernetes('admin');
  const accounts = '/api/v1/namespaces/demo/serviceaccounts';
  const tokens = await Promise.all(
    Array.from({ length: USERS }, async (_, index) => {
      await admin.post(accounts, { metadata: { name: `user-${index}` } });
      const { body } = await admin.post(`${accounts}/user-${index}/token`, { spec: {} });
      return body.status.token as string;
    }),
  );

  const before = writ.sandbox.connections();
  const query = '{ viewer { username can(verb: "list", resource: "pods", namespace: "demo") { allowed } } }';
  const answers: Answer[] = [];
  const indices = Array.from({ length: REQUESTS }, (_, index) => index).values();
  const client = async () => {
    for (const index of indices)
      answers[index] = await writ.post({ query }, { authorization: `Bearer ${tokens[index % USERS]}` });
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const opened = writ.sandbox.connections() - before;

  // Everybody was answered as who they are, over connections that all of them shared.
  for (const [index, answer] of answers.entries()) {
    expect(answer.data.viewer.username).toBe(`system:serviceaccount:demo:user-${index % USERS}`);
  }
  process.stdout.write(
    `${REQUESTS} requests by ${USERS} users: ${opened} connections of a pool of ${POOL}\n`,
  );
  expect(opened).toBeGreaterThan(0);
  expect(opened).toBeLessThanOrEqual(POOL);
});
