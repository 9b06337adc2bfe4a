import { describe, expect, it } from 'vitest';
import { CORE, JOBS, projectSettings, SETTINGS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { runnersFile } from '../support/runners-file.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { READ_SECRET_KEYS, UPDATE_SECRETS, UPDATE_SETTINGS } from '../support/settings-operations.ts';
import { isRealCluster } from '../support/test-cluster.ts';
import { startWrit } from '../support/writ.ts';

// The policy writ-runs refuses runs with other Secrets until the administrator has allowed them there.
describe.skipIf(isRealCluster())('a runner Secret that the administrator allows', () => {
  const template = { allowedRunnerSecretsNames: ['team-secrets'] };
  const writ = startWrit({
    sandbox: { demo: false },
    environment: { WRIT_RUNNERS_FILE: runnersFile({}, template) },
  });
  const admin = writ.kubernetes('admin');
  let made = 0;

  /** Its settings name this Secret; that of the team has a key of its own. */
  async function make(runnerSecretsName: string): Promise<string> {
    made += 1;
    const project = `chosen-${made}`;
    await putProject(admin, project);
    const stringData = { ANTHROPIC_API_KEY: 'x', TEAM: 'x' };
    await admin.create(CORE(project, 'secrets'), { metadata: { name: 'team-secrets' }, stringData });
    await admin.create(SETTINGS(project), projectSettings({ runnerSecretsName }));
    return project;
  }
  /** The names of all Secrets whose values are in the environment of the session's run. */
  async function secretsOf(project: string, uid: string): Promise<string[]> {
    const { body } = await admin.get(`${JOBS(project)}/session-${uid}-1`);
    const [{ env, envFrom }] = body.spec.template.spec.containers;
    const parts: { secretRef?: { name: string }; valueFrom?: { secretKeyRef?: { name: string } } }[] = [
      ...envFrom,
      ...env,
    ];
    const refs = parts.map(({ secretRef, valueFrom }) => secretRef ?? valueFrom?.secretKeyRef);
    return [...new Set(refs.flatMap((ref) => (ref ? [ref.name] : [])))];
  }

  it('is chosen by the settings, and only one that is allowed', async () => {
    const project = await make('ambient-runner-secrets');
    const update = (runnerSecretsName: string | null) =>
      writ.as('admin', UPDATE_SETTINGS, { input: { project, runnerSecretsName } });
    const { data } = await update('team-secrets');
    expect(data.updateProjectSettings.settings.runnerSecretsName).toBe('team-secrets');
    const { errors } = await update('session-token');
    expect(errors?.[0]?.message).toContain('ambient-runner-secrets, team-secrets');
    const cleared = await update(null);
    expect(cleared.data.updateProjectSettings.settings.runnerSecretsName).toBe('ambient-runner-secrets');
  });

  it.each([
    ['team-secrets', 'team-secrets'],
    ['ambient-runner-secrets', 'ambient-runner-secrets'],
    // Written without Writ.
    ['other', 'ambient-runner-secrets'],
    ['../secrets', 'ambient-runner-secrets'],
  ])('is mounted by runs, shown and changed: %s means %s', async (stored, name) => {
    const project = await make(stored);
    await admin.create(CORE(project, 'secrets'), { metadata: { name: 'other' }, stringData: { OTHER: 'x' } });
    const created = await writ.as('alice', createSessionMutation('uid'), { input: { project } });
    expect(created.errors).toBeUndefined();
    expect(await secretsOf(project, created.data.createSession.session.uid)).toEqual([name]);
    const { metadata } = await putSession(admin, project, 'stored', {});
    const start = `mutation { startSession(project: "${project}", name: "stored") { session { name } } }`;
    expect((await writ.as('alice', start)).errors).toBeUndefined();
    expect(await secretsOf(project, metadata.uid)).toEqual([name]);

    const input = { project, set: [{ key: 'MADE', value: 'x' }] };
    expect((await writ.as('admin', UPDATE_SECRETS, { input })).errors).toBeUndefined();
    const { body } = await admin.get(`${CORE(project, 'secrets')}/${name}`);
    expect(Object.keys(body.data)).toContain('MADE');
    const { data } = await writ.as('admin', READ_SECRET_KEYS, { project });
    expect(data.project.runnerSecretKeys).toEqual(Object.keys(body.data).sort());
  });

  it('is the one that must have the keys which a runner type needs', async () => {
    const project = await make('team-secrets');
    const input = { project, runnerType: 'gemini-cli' };
    const { errors } = await writ.as('admin', createSessionMutation(), { input });
    expect(errors?.[0]?.message).toContain("GEMINI_API_KEY in the project's Secret team-secrets");
  });
});

describe('a runner Secret that settings name for another operator', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_RUNNER: 'operator' } });
  const admin = writ.kubernetes('admin');

  it('is shown, and changed only if the administrator allows it', async () => {
    const project = 'operated';
    await putProject(admin, project);
    await admin.create(SETTINGS(project), projectSettings({ runnerSecretsName: 'theirs' }));
    await admin.create(CORE(project, 'secrets'), {
      metadata: { name: 'theirs' },
      stringData: { THEIRS: 'x' },
    });
    const { data } = await writ.as('admin', READ_SECRET_KEYS, { project });
    expect(data.project.runnerSecretKeys).toEqual(['THEIRS']);
    const input = { project, set: [{ key: 'MADE', value: 'x' }] };
    const { errors } = await writ.as('admin', UPDATE_SECRETS, { input });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.project' }],
    });
  });
});
