import { describe, expect, it } from 'vitest';
import type { Body } from '../support/kubernetes-client.ts';
import { named, projectSettings, session } from '../support/objects.ts';
import { causes, contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

describe('a session', () => {
  it('is defaulted, in nested lists too', async () => {
    const spec = { repos: [{ url: 'https://a' }] };
    const body = await cluster.admin.create(project.sessions, session('defaulted', { spec }));
    expect(body.spec).toEqual({
      timeout: 300,
      repos: [{ url: 'https://a', branch: 'main', autoPush: false }],
    });
  });

  it('without a spec has none: defaults are for what is inside', async () => {
    const body = await cluster.admin.create(project.sessions, session('bare'));
    expect(body.spec).toBeUndefined();
  });

  it('has null fields defaulted or dropped', async () => {
    const spec = { timeout: null, displayName: null };
    const body = await cluster.admin.create(project.sessions, session('nulls', { spec }));
    expect(body.spec).toEqual({ timeout: 300 });
  });

  it('loses unknown fields with a warning, except where the schema keeps them', async () => {
    const spec = { surprise: 1, mcpServers: { custom: { mine: { any: ['thing'] } }, other: 1 } };
    const pruned = session('pruned', { spec, extra: true });
    const { body, headers } = await cluster.admin.post(project.sessions, pruned);
    expect(body.spec).toEqual({ timeout: 300, mcpServers: { custom: { mine: { any: ['thing'] } } } });
    expect(body.extra).toBeUndefined();
    for (const field of ['extra', 'spec.surprise', 'spec.mcpServers.other'])
      expect(String(headers.warning)).toContain(`unknown field \\"${field}\\"`);
  });

  it('with unknown fields is 400 under strict field validation', async () => {
    const strict = session('strict', { spec: { surprise: 1 } });
    const { status, body } = await cluster.admin.post(`${project.sessions}?fieldValidation=Strict`, strict);
    expect(status).toBe(400);
    expect(body.message).toContain('strict decoding error: unknown field "spec.surprise"');
  });

  it('is validated, and every cause is told', async () => {
    const spec = {
      timeout: 'long',
      inactivityTimeout: -1,
      repos: [{ branch: 'main' }],
      environmentVariables: { A: 1 },
      displayName: 'x'.repeat(257),
    };
    const { status, body } = await cluster.admin.post(project.sessions, session('invalid', { spec }));
    expect(status).toBe(422);
    expect(body.reason).toBe('Invalid');
    const { causes: told, ...about } = body.details;
    expect(about).toEqual({ name: 'invalid', group: 'vteam.ambient-code', kind: 'AgenticSession' });
    expect(told).toHaveLength(5);
    expect(told).toEqual(
      expect.arrayContaining([
        {
          field: 'spec.timeout',
          reason: 'FieldValueTypeInvalid',
          message: 'Invalid value: "string": spec.timeout in body must be of type integer: "string"',
        },
        {
          field: 'spec.inactivityTimeout',
          reason: 'FieldValueInvalid',
          message: 'Invalid value: -1: spec.inactivityTimeout in body should be greater than or equal to 0',
        },
        { field: 'spec.repos[0].url', reason: 'FieldValueRequired', message: 'Required value' },
        {
          field: 'spec.environmentVariables.A',
          reason: 'FieldValueTypeInvalid',
          message:
            'Invalid value: "integer": spec.environmentVariables.A in body must be of type string: "integer"',
        },
        {
          field: 'spec.displayName',
          reason: 'FieldValueTooLong',
          message: 'Too long: may not be more than 256 bytes',
        },
      ]),
    );
  });

  it('is validated when it is changed, too', async () => {
    await cluster.admin.create(project.sessions, session('changed', { spec: {} }));
    const { status, body } = await cluster.admin.patch(`${project.sessions}/changed`, {
      spec: { timeout: -1 },
    });
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['spec.timeout']);
  });
});

it('ProjectSettings has one name', async () => {
  const { status, body } = await cluster.admin.post(project.settings, {
    ...projectSettings({}),
    ...named('other'),
  });
  expect(status).toBe(422);
  expect(body.message).toContain('a project has one ProjectSettings and its name is projectsettings');
  const stored = await cluster.admin.create(project.settings, projectSettings({}));
  expect(stored.spec).toEqual({ inactivityTimeoutSeconds: 86400 });
});

describe('the status subresource', () => {
  it('changes the status and no label, annotation or spec', async () => {
    const before = await cluster.admin.create(project.sessions, session('statused', { spec: {} }));
    const metadata = { labels: { a: 'b' }, annotations: { c: 'd' }, finalizers: ['example.com/e'] };
    const patch = { status: { phase: 'Running' }, spec: { displayName: 'x' }, metadata };
    const { body } = await cluster.admin.patch(`${project.sessions}/statused/status`, patch);
    expect(body.status).toEqual({ phase: 'Running' });
    expect(body.spec).toEqual(before.spec);
    for (const field of Object.keys(metadata)) expect(body.metadata[field]).toBeUndefined();
  });

  it('is the only way to the status', async () => {
    await cluster.admin.create(project.sessions, session('main', { spec: {}, status: { phase: 'Failed' } }));
    const path = `${project.sessions}/main`;
    const patch = { status: { phase: 'Failed' }, spec: { displayName: 'x' } };
    const { body } = await cluster.admin.patch(path, patch);
    expect(body.spec.displayName).toBe('x');
    expect(body.status).toBeUndefined();
    await cluster.admin.patch(`${path}/status`, { status: { phase: 'Running' } });
    expect((await cluster.admin.patch(path, { status: null })).body.status).toEqual({ phase: 'Running' });
  });

  it('reads the whole object', async () => {
    const created = await cluster.admin.create(project.sessions, session('whole', { spec: {} }));
    expect((await cluster.admin.get(`${project.sessions}/whole/status`)).body).toEqual(created);
  });

  it('is validated', async () => {
    await cluster.admin.create(project.sessions, session('phased', { spec: {} }));
    const patch = { status: { phase: 'Dancing' } };
    const { status, body } = await cluster.admin.patch(`${project.sessions}/phased/status`, patch);
    expect(status).toBe(422);
    const [cause] = body.details.causes;
    expect(cause).toMatchObject({ field: 'status.phase', reason: 'FieldValueNotSupported' });
    expect(cause.message).toContain(
      'Unsupported value: "Dancing": supported values: "Pending", "Creating", "Running"',
    );
  });

  it('does not count as a generation; the spec does, labels do not', async () => {
    const path = `${project.sessions}/generations`;
    await cluster.admin.create(project.sessions, session('generations', { spec: {} }));
    const generation = async (sent: Promise<{ body: Body }>) => (await sent).body.metadata.generation;
    expect(await generation(cluster.admin.patch(path, { metadata: { labels: { a: 'b' } } }))).toBe(1);
    expect(await generation(cluster.admin.patch(`${path}/status`, { status: { phase: 'Running' } }))).toBe(1);
    expect(await generation(cluster.admin.patch(path, { spec: { displayName: 'x' } }))).toBe(2);
    expect(await generation(cluster.admin.patch(path, { spec: { displayName: 'x' } }))).toBe(2);
  });
});

describe('a Table', () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

  it("has the definition's printer columns", async () => {
    await cluster.admin.create(project.sessions, session('listed', { spec: { displayName: 'Listed' } }));
    await cluster.admin.patch(`${project.sessions}/listed/status`, { status: { phase: 'Running' } });
    const { body } = await cluster.admin.get(project.sessions, { accept });
    expect(body.kind).toBe('Table');
    const columns = body.columnDefinitions.map((column: Body) => column.name);
    expect(columns).toEqual(['Name', 'Phase', 'Display name', 'Age']);
    const row = body.rows.find((r: Body) => r.cells[0] === 'listed');
    expect(row.cells.slice(0, 3)).toEqual(['listed', 'Running', 'Listed']);
    expect(row.cells[3]).toMatch(/^\d+s$/);
    expect(row.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'listed' } });
  });

  it('shows a single object and a watch, too', async () => {
    await cluster.admin.create(project.sessions, session('single'));
    const one = await cluster.admin.get(`${project.sessions}/single`, { accept });
    expect(one.body.rows.map((r: Body) => r.cells[0])).toEqual(['single']);
    for await (const { object } of cluster.admin.watch(`${project.sessions}?watch=true`, { accept })) {
      expect(object.kind).toBe('Table');
      break;
    }
  });
});
