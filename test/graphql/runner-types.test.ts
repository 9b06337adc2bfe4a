import { beforeAll, describe, expect, it } from 'vitest';
import { CORE } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

describe('runner types', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'runners';
  beforeAll(() => putProject(admin, project));
  const CREATE = createSessionMutation();
  const create = (who: 'admin' | 'alice', input: object) =>
    writ.as(who, CREATE, { input: { project, start: false, ...input } });

  it('are shown with their models and needs, and without their images', async () => {
    const { data } = await writ.as(
      'mallory',
      '{ runnerTypes { name displayName provider models defaultModel requiredSecretKeys isDefault } }',
    );
    expect(
      data.runnerTypes.map(({ name, isDefault }: { name: string; isDefault: boolean }) => [name, isDefault]),
    ).toEqual([
      ['claude-agent-sdk', true],
      ['gemini-cli', false],
    ]);
    const { data: type } = await writ.as('mallory', '{ __type(name: "RunnerType") { fields { name } } }');
    expect(JSON.stringify(type)).not.toContain('image');
  });

  it('that are not there are refused, with those that are', async () => {
    const answer = await create('alice', { runnerType: 'root' });
    expect(answer.errors?.[0]?.extensions.fields).toEqual([
      { path: 'input.runnerType', message: expect.stringContaining('claude-agent-sdk') },
    ]);
  });

  it('whose keys the project lacks are refused where the user can see that', async () => {
    await admin.delete(`${CORE(project, 'secrets')}/ambient-runner-secrets`);
    const answer = await create('admin', { runnerType: 'gemini-cli' });
    expect(answer.errors?.[0]?.extensions.fields).toEqual([
      {
        path: 'input.runnerType',
        message: "gemini-cli needs GEMINI_API_KEY in the project's Secret ambient-runner-secrets",
      },
    ]);
    await admin.post(CORE(project, 'secrets'), {
      metadata: { name: 'ambient-runner-secrets' },
      stringData: { GEMINI_API_KEY: 'x' },
    });
    expect((await create('admin', { runnerType: 'gemini-cli' })).errors).toBeUndefined();
    expect((await create('admin', {})).errors?.[0]?.message).toContain('ANTHROPIC_API_KEY');
  });

  it('whose keys the target of a clone lacks are refused as a field of the source', async () => {
    await putProject(admin, 'target');
    await putSession(admin, project, 'original', {
      spec: { environmentVariables: { RUNNER_TYPE: 'gemini-cli' } },
    });
    await admin.delete(`${CORE('target', 'secrets')}/ambient-runner-secrets`);
    const CLONE =
      'mutation ($input: CloneSessionInput!) { cloneSession(input: $input) { session { name } } }';
    const input = { project, name: 'original', targetProject: 'target' };
    const answer = await writ.as('admin', CLONE, { input });
    expect(answer.errors?.[0]?.extensions.fields).toEqual([
      { path: 'source.runnerType', message: expect.stringContaining('GEMINI_API_KEY') },
    ]);
  });

  it('whose keys the user may not see are let through', async () => {
    expect((await create('alice', {})).errors).toBeUndefined();
  });
});
