import { beforeAll, describe, expect, it } from 'vitest';
import { JOBS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { runnersFile } from '../support/runners-file.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('name uid timeoutSeconds');
const CLONE = `mutation ($input: CloneSessionInput!) {
  cloneSession(input: $input) { session { name uid llmSettings { model temperature } } }
}`;
const START = `mutation ($project: String!, $name: String!) {
  startSession(project: $project, name: $name) { session { uid phase } }
}`;

/** As the definition of the Ambient Code Platform leaves a session for which only the temperature was chosen. */
const FILLED_IN = {
  llmSettings: { model: 'claude-3-7-sonnet-latest', temperature: 0.2, maxTokens: 4_000 },
  timeout: 300,
  activeWorkflow: { branch: 'main' },
};

describe('what a custom resource definition fills in', () => {
  const file = runnersFile({}, { maxTimeoutSeconds: 120 });
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_RUNNERS_FILE: file } });
  const admin = writ.kubernetes('admin');
  const project = 'filled';
  beforeAll(async () => {
    await putProject(admin, project);
    await putSession(admin, project, 'foreign', { spec: FILLED_IN });
  });

  async function jobOf(uid: string) {
    const { body } = await admin.get(`${JOBS(project)}/session-${uid}-1`);
    const env = body.spec.template.spec.containers[0].env as { name: string; value?: string }[];
    const variable = (name: string) => env.find((each) => each.name === name)?.value;
    return {
      deadline: body.spec.activeDeadlineSeconds,
      model: variable('LLM_MODEL'),
      temperature: variable('LLM_TEMPERATURE'),
    };
  }

  it('makes no stored session invalid: its run has the defaults of the runner type', async () => {
    const { data, errors } = await writ.as('alice', START, { project, name: 'foreign' });
    expect(errors).toBeUndefined();
    const { uid } = data.startSession.session;
    expect(await jobOf(uid)).toEqual({ deadline: 120, model: 'claude-sonnet-4-5', temperature: '0.2' });
  });

  it('is not copied', async () => {
    const input = { project, name: 'foreign', targetProject: project, start: true };
    const { data, errors } = await writ.as('alice', CLONE, { input });
    expect(errors).toBeUndefined();
    const { uid, llmSettings } = data.cloneSession.session;
    expect(llmSettings).toEqual({ model: 'claude-sonnet-4-5', temperature: 0.2 });
    expect(await jobOf(uid)).toMatchObject({ deadline: 120, model: 'claude-sonnet-4-5' });
  });

  it('is not more than the maximum timeout of the administrator', async () => {
    const { data, errors } = await writ.as('alice', CREATE, { input: { project } });
    expect(errors).toBeUndefined();
    expect(data.createSession.session.timeoutSeconds).toBe(120);
  });
});

describe('a new session', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  beforeAll(() => putProject(writ.kubernetes('admin'), 'explicit'));

  it.each([
    ['a temperature', { temperature: 0 }, { model: 'claude-sonnet-4-5', temperature: 0 }],
    ['a model', { model: 'claude-haiku-4-5' }, { model: 'claude-haiku-4-5' }],
    ['null', { model: null }, { model: 'claude-sonnet-4-5' }],
  ])(
    'is sent with the model and timeout that a definition could fill in otherwise: %s',
    async (_, given, sent) => {
      const input = { project: 'explicit', start: false, llmSettings: given };
      const before = writ.proxy.seen.length;
      expect((await writ.as('alice', CREATE, { input })).errors).toBeUndefined();
      const created = writ.proxy.seen
        .slice(before)
        .find(({ method, path }) => method === 'POST' && path.includes('/agenticsessions'));
      expect(JSON.parse(created?.body ?? '').spec).toMatchObject({ llmSettings: sent, timeout: 300 });
    },
  );
});
