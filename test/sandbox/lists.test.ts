import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Body, Client, core, sessions } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
const maps = core('configmaps');
const names = (body: Body): string[] => body.items.map((item: Body) => item.metadata.name);

beforeAll(async () => {
  sandbox = await startSandbox({ runner: false, history: 30 });
  admin = new Client(sandbox).as(sandbox.identities.admin);
  for (const [name, labels] of Object.entries({
    a: { tier: 'web', env: 'prod' },
    b: { tier: 'web', env: 'test' },
    c: { tier: 'db', env: 'prod' },
    d: { env: 'prod' },
    e: {},
  })) {
    await admin.post(maps, { metadata: { name, labels } });
  }
});
afterAll(() => sandbox.close());

describe('selectors', () => {
  test.each([
    ['labelSelector=tier=web', 'ab'],
    ['labelSelector=tier==web,env!=test', 'a'],
    ['labelSelector=tier!=web', 'cde'],
    ['labelSelector=tier in (web, db)', 'abc'],
    ['labelSelector=tier notin (web),env', 'cd'],
    ['labelSelector=tier', 'abc'],
    ['labelSelector=!tier', 'de'],
    ['fieldSelector=metadata.name=b', 'b'],
    ['fieldSelector=metadata.name!=b,metadata.namespace=demo', 'acde'],
    ['labelSelector=env=prod&fieldSelector=metadata.name!=a', 'cd'],
  ])('%s', async (query, expected) => {
    const { body } = await admin.get(`${maps}?${encodeURI(query)}`);
    expect(names(body).join('')).toBe(expected);
  });

  test.each([
    'fieldSelector=spec.colour=red',
    'fieldSelector=nonsense',
    'labelSelector=a=b=c',
    'labelSelector=a in b',
  ])('%s is 400', async (query) => {
    expect((await admin.get(`${maps}?${encodeURI(query)}`)).status).toBe(400);
  });

  test('events are selected by the object that they are about', async () => {
    const uid = '5e551000-0000-4000-8000-0000000000b2';
    const { body } = await admin.get(`${core('events')}?fieldSelector=involvedObject.uid=${uid}`);
    expect(body.items.map((event: Body) => event.reason).sort()).toEqual(['Pulled', 'Scheduled', 'Started']);
  });
});

describe('pages', () => {
  test('lead through the list in order of name, with what remains', async () => {
    const first = (await admin.get(`${maps}?limit=2`)).body;
    expect(names(first)).toEqual(['a', 'b']);
    expect(first).toMatchObject({ kind: 'ConfigMapList', metadata: { remainingItemCount: 3 } });
    const second = (await admin.get(`${maps}?limit=2&continue=${first.metadata.continue}`)).body;
    expect(names(second)).toEqual(['c', 'd']);
    const last = (await admin.get(`${maps}?limit=2&continue=${second.metadata.continue}`)).body;
    expect(names(last)).toEqual(['e']);
    expect(last.metadata.continue).toBeUndefined();
  });

  test('show all the revision of the first', async () => {
    const first = (await admin.get(`${maps}?limit=4`)).body;
    await admin.post(maps, { metadata: { name: 'f' } });
    const { body: changed } = await admin.patch(`${maps}/e`, { data: { late: 'yes' } });
    const rest = (await admin.get(`${maps}?continue=${first.metadata.continue}`)).body;
    expect(names(rest)).toEqual(['e']);
    expect(rest.items[0].data).toBeUndefined();
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    await admin.delete(`${maps}/f`);
    expect(changed.data).toEqual({ late: 'yes' });
  });

  test('that are too old are 410, with a token for the inconsistent rest', async () => {
    const first = (await admin.get(`${maps}?limit=2`)).body;
    for (let i = 0; i < 70; i += 1) await admin.patch(`${maps}/e`, { data: { i: String(i) } });
    const { status, body } = await admin.get(`${maps}?continue=${first.metadata.continue}`);
    expect(status).toBe(410);
    expect(body.reason).toBe('Expired');
    const rest = (await admin.get(`${maps}?continue=${body.metadata.continue}`)).body;
    expect(names(rest)).toEqual(['c', 'd', 'e']);
  });

  test('of a garbage token are 400', async () => {
    expect((await admin.get(`${maps}?continue=garbage`)).status).toBe(400);
    expect((await admin.get(`${maps}?limit=many`)).status).toBe(400);
  });

  test('span namespaces in order of namespace and name', async () => {
    const { body } = await admin.get(`${sessions.replace('/namespaces/demo', '')}?limit=7`);
    expect(body.items.at(-1).metadata).toMatchObject({ namespace: 'research', name: 'reproduce-benchmark' });
  });

  test('of the future are refused', async () => {
    const { status, body } = await admin.get(`${maps}?resourceVersion=99999999`);
    expect(status).toBe(504);
    expect(body.message).toContain('Too large resource version');
  });
});

describe('tables', () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

  test("have the definition's printer columns", async () => {
    const { body } = await admin.get(sessions, { accept });
    expect(body.kind).toBe('Table');
    expect(body.columnDefinitions.map((column: Body) => column.name)).toEqual([
      'Name',
      'Phase',
      'Display name',
      'Age',
    ]);
    const row = body.rows.find((r: Body) => r.cells[0] === 'fix-cart-rounding');
    expect(row.cells).toEqual(['fix-cart-rounding', 'Running', 'Fix rounding in the cart', '24m']);
    expect(row.object.kind).toBe('PartialObjectMetadata');
  });

  test('show single objects and watches too', async () => {
    const one = await admin.get(`${sessions}/migrate-ci`, { accept });
    expect(one.body.rows).toHaveLength(1);
    for await (const { object } of admin.watch(`${sessions}?watch=true`, { accept })) {
      expect(object.kind).toBe('Table');
      break;
    }
  });
});
