import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { templateWith } from '../support/runners-file.ts';
import { type Replica, startControlledCluster } from './fixture.ts';

const PROJECT = 'hostile';

describe('a hostile stored session', () => {
  const cluster = startControlledCluster();
  let replica: Replica;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    replica = await cluster.startReplica();
  });
  const HOSTILE: [string, string, object][] = [
    ['a variable that loads code', 'spec.environmentVariables.LD_PRELOAD', env('LD_PRELOAD')],
    ['a variable whose name is none', 'spec.environmentVariables.*', env('$(id) s3cret')],
    ['a repository that is a command', 'spec.repos.0.url', { repos: [{ url: 'ext::sh -c s3cret' }] }],
    ['a repository with a password', 'spec.repos.0.url', { repos: [{ url: 'https://u:s3cret@h/x' }] }],
    [
      'a branch that is an option',
      'spec.repos.0.branch',
      { repos: [{ url: 'https://h/x', branch: '--s3cret' }] },
    ],
    ['a timeout beyond bounds', 'spec.timeout', { timeout: 604_800 }],
    ['an unknown model', 'spec.llmSettings.model', { llmSettings: { model: 's3cret' } }],
    ['an unknown runner', 'spec.runnerType', env('RUNNER_TYPE', 's3cret')],
    [
      'a prompt that no process can have',
      'spec.initialPrompt',
      { initialPrompt: `s3cret${'\u6f22'.repeat(60_000)}` },
    ],
  ];

  it.each(HOSTILE.map((row, index) => [...row, index] as const))(
    '%s: gets a condition that says where, and no run',
    async (_, path, spec, index) => {
      const name = `hostile-${index}`;
      const { metadata } = await cluster.startedSession(PROJECT, name, {
        spec: spec as Record<string, unknown>,
      });
      await eventually(async () =>
        expect(await cluster.conditions(PROJECT, name)).toMatchObject({
          RunCreated: { status: 'False', reason: 'InvalidSession', message: expect.stringContaining(path) },
        }),
      );
      const { RunCreated } = await cluster.conditions(PROJECT, name);
      expect(RunCreated?.message).not.toMatch(/s3cret|\(/);
      expect(replica.acts.filter(({ object, act }) => object.name?.includes(metadata.uid) && act)).toEqual(
        [],
      );
      expect(await cluster.jobs(PROJECT, metadata.uid)).toEqual([]);
    },
  );

  it('is not looked at again and again', async () => {
    await cluster.startedSession(PROJECT, 'quiet', { spec: { timeout: 604_800 } });
    await cluster.untilStatus(PROJECT, 'quiet', { phase: 'Pending' });
    const writes = () => replica.acts.filter(({ object }) => object.name === 'quiet').length;
    // The act is noted when its answer has come, which may be after the status can be seen.
    await eventually(() => expect(writes()).toBe(1));
    // Another session's whole life goes by.
    await cluster.startedSession(PROJECT, 'other');
    await cluster.untilStatus(PROJECT, 'other', { phase: 'Creating' });
    expect(writes()).toBe(1);
  });

  it('runs once it is mended', async () => {
    await cluster.startedSession(PROJECT, 'mended', { spec: { timeout: 604_800 } });
    await cluster.untilStatus(PROJECT, 'mended', { phase: 'Pending' });
    await cluster.admin.patch(`${SESSIONS(PROJECT)}/mended`, { spec: { timeout: 60 } });
    await cluster.untilStatus(PROJECT, 'mended', { phase: 'Creating' });
    expect(await cluster.conditions(PROJECT, 'mended')).toMatchObject({ RunCreated: { status: 'True' } });
  });

  function env(name: string, value = 's3cret') {
    return { environmentVariables: { [name]: value } };
  }
});

describe('a stored session with a variable that its runner type does not allow', () => {
  const template = templateWith({ allowedEnvironment: ['COLOUR'] });
  const cluster = startControlledCluster();
  const project = 'allowed';
  beforeAll(async () => {
    await cluster.project(project);
    await cluster.startReplica({ runners: { mode: 'job', template } });
  });

  it('gets a condition that names the variable, and no run', async () => {
    const environmentVariables = { COLOUR: 'red', ANTHROPIC_BASE_URL: 'https://evil.example' };
    const { metadata } = await cluster.startedSession(project, 'other', { spec: { environmentVariables } });
    await eventually(async () =>
      expect(await cluster.conditions(project, 'other')).toMatchObject({
        RunCreated: {
          status: 'False',
          reason: 'InvalidSession',
          message: expect.stringContaining('spec.environmentVariables.ANTHROPIC_BASE_URL'),
        },
      }),
    );
    expect(await cluster.jobs(project, metadata.uid)).toEqual([]);
  });

  it('runs with those that it allows', async () => {
    const environmentVariables = { COLOUR: 'red' };
    await cluster.startedSession(project, 'allowed', { spec: { environmentVariables } });
    await cluster.untilStatus(project, 'allowed', { phase: 'Creating' });
  });
});
