import { describe, expect, it } from 'vitest';
import type { Body } from '../support/kubernetes-client.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { core, sessions } from './paths.ts';

const sandbox = startTestCluster();
const admin = sandbox.as('admin');

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
    const status = async (who: 'alice' | 'victor', path: string) => (await sandbox.as(who).get(path)).status;
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
