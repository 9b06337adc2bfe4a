import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Body, KubernetesClient as Client } from '../support/kubernetes-client.ts';
import { core, sessions } from './paths.ts';

let sandbox: Sandbox;
let admin: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ runner: false });
  admin = new Client(sandbox).as(sandbox.identities.admin);
});
afterAll(() => sandbox.close());

describe('the demo', () => {
  it('contains only sessions that are valid by their definition', async () => {
    for (const namespace of ['demo', 'research']) {
      const { body } = await admin.get(sessions.replace('demo', namespace));
      expect(body.items.length).toBeGreaterThanOrEqual(2);
      for (const item of body.items as Body[]) {
        const path = `${sessions.replace('demo', namespace)}/${item.metadata.name}?fieldValidation=Strict`;
        expect((await admin.put(path, item)).body).toEqual(item);
        expect((await admin.put(path.replace('?', '/status?'), item)).body).toEqual(item);
      }
    }
  });

  it('gives alice and victor access to demo, and only the admin access to research', async () => {
    const status = async (who: 'alice' | 'victor', path: string) =>
      (await admin.as(sandbox.identities[who]).get(path)).status;
    for (const who of ['alice', 'victor'] as const) {
      expect(await status(who, sessions)).toBe(200);
      expect(await status(who, sessions.replace('demo', 'research'))).toBe(403);
    }
  });

  it('has events for the running pod', async () => {
    const uid = '5e551000-0000-4000-8000-0000000000b2';
    const { body } = await admin.get(`${core('events')}?fieldSelector=involvedObject.uid=${uid}`);
    expect(body.items.map((event: Body) => event.reason).sort()).toEqual(['Pulled', 'Scheduled', 'Started']);
  });
});
