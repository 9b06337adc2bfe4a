import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Body, Client, named, sessions } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ runner: false });
  admin = new Client(sandbox).as(sandbox.identities.admin);
});
afterAll(() => sandbox.close());

const fields = (body: Body): string[] => body.details.causes.map((cause: { field: string }) => cause.field);

describe('custom resources', () => {
  test('are defaulted', async () => {
    const { body } = await admin.post(
      sessions,
      named('defaulted', { spec: { repos: [{ url: 'https://a' }] } }),
    );
    expect(body.spec).toEqual({ timeout: 300, repos: [{ url: 'https://a', branch: 'main' }] });
    expect(body).toMatchObject({ kind: 'AgenticSession', apiVersion: 'vteam.ambient-code/v1alpha1' });
  });

  test('lose unknown fields, except where the schema keeps them', async () => {
    const spec = { surprise: 1, mcpServers: { custom: { mine: { any: ['thing'] } }, other: 1 } };
    const { body, headers } = await admin.post(sessions, named('pruned', { spec, extra: true }));
    expect(body.spec).toEqual({ timeout: 300, mcpServers: { custom: { mine: { any: ['thing'] } } } });
    expect(body.extra).toBeUndefined();
    expect(String(headers.warning)).toContain('unknown field');
  });

  test('with unknown fields are refused under strict field validation', async () => {
    const { status, body } = await admin.post(
      `${sessions}?fieldValidation=Strict`,
      named('strict', { spec: { surprise: 1 } }),
    );
    expect(status).toBe(400);
    expect(body.message).toBe('strict decoding error: unknown field "spec.surprise"');
  });

  test('are validated, and every cause is told', async () => {
    const spec = {
      timeout: 'long',
      inactivityTimeout: -1,
      repos: [{ branch: 'main' }],
      environmentVariables: { A: 1 },
      displayName: 'x'.repeat(257),
    };
    const { status, body } = await admin.post(sessions, named('invalid', { spec }));
    expect(status).toBe(422);
    expect(body.reason).toBe('Invalid');
    expect(body.details).toMatchObject({
      name: 'invalid',
      group: 'vteam.ambient-code',
      kind: 'AgenticSession',
    });
    expect(fields(body).sort()).toEqual([
      'spec.displayName',
      'spec.environmentVariables.A',
      'spec.inactivityTimeout',
      'spec.repos[0].url',
      'spec.timeout',
    ]);
    expect(body.details.causes).toContainEqual({
      field: 'spec.timeout',
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "string": spec.timeout in body must be of type integer: "string"',
    });
    expect(body.details.causes).toContainEqual({
      field: 'spec.repos[0].url',
      reason: 'FieldValueRequired',
      message: 'Required value',
    });
  });

  test('ProjectSettings has one name', async () => {
    const path = sessions.replace('agenticsessions', 'projectsettings').replace('demo', 'research');
    expect((await admin.post(path, named('other', { spec: {} }))).status).toBe(422);
    const { body } = await admin.post(path, named('projectsettings', { spec: {} }));
    expect(body.spec).toEqual({ inactivityTimeoutSeconds: 86400 });
  });
});

describe('the status subresource', () => {
  test('is the only way to the status, and to nothing else', async () => {
    const created = await admin.post(sessions, named('statused', { spec: {}, status: { phase: 'Running' } }));
    expect(created.body.status).toBeUndefined();
    const path = `${sessions}/statused`;
    const patch = {
      status: { phase: 'Running' },
      spec: { displayName: 'x' },
      metadata: { labels: { a: 'b' } },
    };
    const { body } = await admin.patch(`${path}/status`, patch);
    expect(body.status).toEqual({ phase: 'Running' });
    expect(body.spec.displayName).toBeUndefined();
    expect(body.metadata.labels).toBeUndefined();
    const main = await admin.patch(path, { status: { phase: 'Failed' }, spec: { displayName: 'x' } });
    expect(main.body).toMatchObject({ status: { phase: 'Running' }, spec: { displayName: 'x' } });
    expect((await admin.get(`${path}/status`)).body).toEqual(main.body);
  });

  test('knows the phases', async () => {
    await admin.post(sessions, named('phased', { spec: {} }));
    const { status, body } = await admin.patch(`${sessions}/phased/status`, { status: { phase: 'Dancing' } });
    expect(status).toBe(422);
    expect(body.details.causes[0].message).toContain('supported values: "Pending", "Creating", "Running"');
  });

  test('generation counts changes of the spec alone', async () => {
    const path = `${sessions}/generations`;
    expect((await admin.post(sessions, named('generations', { spec: {} }))).body.metadata.generation).toBe(1);
    const generation = async (sent: Promise<{ body: Body }>) => (await sent).body.metadata.generation;
    expect(await generation(admin.patch(path, { metadata: { labels: { a: 'b' } } }))).toBe(1);
    expect(await generation(admin.patch(`${path}/status`, { status: { phase: 'Running' } }))).toBe(1);
    expect(await generation(admin.patch(path, { spec: { displayName: 'x' } }))).toBe(2);
  });
});

test('every demo object is valid by its own definition', async () => {
  for (const namespace of ['demo', 'research']) {
    const { body } = await admin.get(sessions.replace('demo', namespace));
    expect(body.items.length).toBeGreaterThanOrEqual(2);
    for (const item of body.items as Body[]) {
      const path = `${sessions.replace('demo', namespace)}/${item.metadata.name}?fieldValidation=Strict`;
      expect((await admin.put(path, item)).body).toEqual(item);
      const status = await admin.put(path.replace('?', '/status?'), item);
      expect(status.body).toEqual(item);
    }
  }
});
