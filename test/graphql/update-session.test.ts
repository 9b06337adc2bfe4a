import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { updateSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const UPDATE = updateSessionMutation(
  'name resourceVersion displayName initialPrompt timeoutSeconds llmSettings { model temperature maxTokens }',
);

const SPEC = {
  displayName: 'Before',
  initialPrompt: 'Do it',
  timeout: 900,
  llmSettings: { model: 'claude-sonnet-4-5', temperature: 0.5, maxTokens: 100 },
  repos: [{ url: 'https://github.com/example/a', branch: 'main', autoPush: false }],
  environmentVariables: { A: '1' },
};

describe('updating a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  let made = 0;

  beforeAll(async () => {
    await putProject(admin, 'editing');
  });

  async function make(more: Record<string, unknown> = {}): Promise<string> {
    made += 1;
    await putSession(admin, 'editing', `s-${made}`, { spec: SPEC, ...more });
    return `s-${made}`;
  }

  const update = (
    name: string,
    input: Record<string, unknown>,
    who: 'alice' | 'victor' | 'mallory' = 'alice',
  ) => writ.as(who, UPDATE, { input: { project: 'editing', name, ...input } });

  const stored = async (name: string) => (await admin.get(`${SESSIONS('editing')}/${name}`)).body;

  /** The stored spec after the update. */
  async function updated(input: Record<string, unknown>) {
    const name = await make();
    const { errors, data } = await update(name, input);
    expect(errors).toBeUndefined();
    const { spec, metadata } = await stored(name);
    expect(data.updateSession.session.resourceVersion).toBe(metadata.resourceVersion);
    return spec;
  }

  it('leaves unchanged what is absent', async () => {
    expect(await updated({ displayName: 'After' })).toEqual({ ...SPEC, displayName: 'After' });
    expect(await updated({ initialPrompt: 'Else' })).toEqual({ ...SPEC, initialPrompt: 'Else' });
    expect(await updated({ timeoutSeconds: 60 })).toEqual({ ...SPEC, timeout: 60 });
    expect(await updated({})).toEqual(SPEC);
  });

  it('clears what is null', async () => {
    const { displayName: _, initialPrompt: __, llmSettings: ___, ...rest } = SPEC;
    expect(await updated({ displayName: null, initialPrompt: null, llmSettings: null })).toEqual(rest);
  });

  it("falls back to the cluster's own default for a time-out that is null", async () => {
    expect(await updated({ timeoutSeconds: null })).toEqual({ ...SPEC, timeout: 300 });
  });

  it('changes the settings of the model one by one', async () => {
    const { llmSettings } = SPEC;
    expect(await updated({ llmSettings: { temperature: 1 } })).toEqual({
      ...SPEC,
      llmSettings: { ...llmSettings, temperature: 1 },
    });
    const { maxTokens: _, ...others } = llmSettings;
    expect(await updated({ llmSettings: { maxTokens: null, model: 'claude-haiku-4-5' } })).toEqual({
      ...SPEC,
      llmSettings: { ...others, model: 'claude-haiku-4-5' },
    });
    expect(await updated({ llmSettings: {} })).toEqual(SPEC);
  });

  it('sets what the session did not have', async () => {
    const name = await make({ spec: {} });
    const { data } = await update(name, { llmSettings: { temperature: 0 }, displayName: 'New' });
    expect(data.updateSession.session).toMatchObject({
      displayName: 'New',
      llmSettings: { model: null, temperature: 0, maxTokens: null },
    });
  });

  it('is a CONFLICT with another resourceVersion than the session has', async () => {
    const name = await make();
    const { resourceVersion } = (await stored(name)).metadata;
    const first = await update(name, { resourceVersion, displayName: 'First' });
    expect(first.errors).toBeUndefined();
    const second = await update(name, { resourceVersion, displayName: 'Second' });
    expect(second.errors).toMatchObject([{ path: ['updateSession'], extensions: { code: 'CONFLICT' } }]);
    expect((await stored(name)).spec.displayName).toBe('First');
    // Of which an API server would say that something is wrong with it.
    expect((await update(name, { resourceVersion: 'no number' })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT' } },
    ]);
    const again = first.data.updateSession.session.resourceVersion;
    expect((await update(name, { resourceVersion: again, displayName: 'Third' })).errors).toBeUndefined();
  });

  it.each(['Creating', 'Running', 'Stopping'])('is a CONFLICT while the session is %s', async (phase) => {
    const name = await make({ status: { phase } });
    for (const more of [{ initialPrompt: 'After' }, { llmSettings: null }, { timeoutSeconds: null }]) {
      const { errors } = await update(name, { displayName: 'After', ...more });
      expect(errors).toMatchObject([
        { message: expect.stringContaining(phase.toUpperCase()), extensions: { code: 'CONFLICT' } },
      ]);
    }
    expect((await stored(name)).spec).toEqual(SPEC);
  });

  it.each(['Creating', 'Running', 'Stopping'])(
    'of its displayName alone goes while it is %s',
    async (phase) => {
      const name = await make({ status: { phase } });
      const { data } = await update(name, { displayName: 'After' });
      expect(data.updateSession.session.displayName).toBe('After');
      expect((await stored(name)).spec).toEqual({ ...SPEC, displayName: 'After' });
      expect((await update(name, { displayName: null })).errors).toBeUndefined();
      expect((await stored(name)).spec).not.toHaveProperty('displayName');
    },
  );

  it.each(['Pending', 'Stopped', 'Completed', 'Failed'])('goes while it is %s', async (phase) => {
    const name = await make({ status: { phase } });
    expect((await update(name, { displayName: 'After' })).errors).toBeUndefined();
  });

  it('is a CONFLICT while the session is being deleted', async () => {
    const name = await make({ metadata: { finalizers: ['example.org/hold'] } });
    await admin.delete(`${SESSIONS('editing')}/${name}`);
    expect((await update(name, { displayName: 'After' })).errors).toMatchObject([
      { message: expect.stringContaining('being deleted'), extensions: { code: 'CONFLICT' } },
    ]);
  });

  it('is NOT_FOUND where there is no such session', async () => {
    expect((await update('nowhere', { displayName: 'x' })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND', project: 'editing', name: 'nowhere' } },
    ]);
  });

  it.each([
    ['victor', 'patch'],
    ['mallory', 'get'],
  ] as const)('is FORBIDDEN for %s, who may not %s', async (who, verb) => {
    const name = await make();
    const { errors } = await update(name, { displayName: 'x' }, who);
    expect(errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', verb, resource: 'agenticsessions', namespace: 'editing', name } },
    ]);
    expect((await stored(name)).spec).toEqual(SPEC);
  });

  it('is made as the user, of the very session that was read', async () => {
    const name = await make();
    const { requests } = await writ.requestsDuring(() => update(name, { displayName: 'x' }));
    const made = requests.filter(({ resource }) => resource === 'agenticsessions');
    expect(made.map(({ user, verb }) => [user, verb])).toEqual([
      ['alice', 'get'],
      ['alice', 'patch'],
    ]);
  });

  it.each([
    [{ displayName: 'a\nb' }, 'input.displayName'],
    [{ initialPrompt: 'a\0' }, 'input.initialPrompt'],
    [{ llmSettings: { temperature: 3 } }, 'input.llmSettings.temperature'],
    [{ llmSettings: { model: 'gpt' } }, 'input.llmSettings.model'],
    [{ llmSettings: { model: 'gemini-2.5-pro' } }, 'input.llmSettings.model'],
    [{ timeoutSeconds: 0 }, 'input.timeoutSeconds'],
    [{ timeoutSeconds: 14_401 }, 'input.timeoutSeconds'],
    [{ resourceVersion: '' }, 'input.resourceVersion'],
    [{ name: '../x' }, 'input.name'],
    [{ project: '..' }, 'input.project'],
  ])('refuses %j, naming the field', async (input, path) => {
    const { errors } = await update(await make(), input);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it("takes a model of the session's own runner type", async () => {
    const environmentVariables = { RUNNER_TYPE: 'gemini-cli' };
    const name = await make({ spec: { environmentVariables } });
    const model = (name_: string) => update(name, { llmSettings: { model: name_ } });
    expect((await model('gemini-2.5-pro')).errors).toBeUndefined();
    expect((await model('claude-sonnet-4-5')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.llmSettings.model' }] } },
    ]);
  });
});
