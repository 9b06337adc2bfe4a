import { beforeAll, describe, expect, it } from 'vitest';
import { projectSettings, SETTINGS } from '../support/objects.ts';
import { putProject } from '../support/put-objects.ts';
import { READ_SECRET_KEYS, READ_SETTINGS, UPDATE_SETTINGS } from '../support/settings-operations.ts';
import { startWrit } from '../support/writ.ts';
import { startWatchedWrit } from './watched-writ.ts';

/** What a definition of the resource without a schema would let anyone store. */
const ODD: unknown[] = [
  null,
  'x',
  7,
  [],
  { groupAccess: 'x', repositories: 'x', inactivityTimeoutSeconds: 'x', runnerSecretsName: {} },
  {
    groupAccess: { a: 1 },
    repositories: { a: 1 },
    inactivityTimeoutSeconds: 1e12,
    runnerSecretsName: '../x',
  },
  {
    groupAccess: [null, 1, 'x', [], {}, { groupName: 5, role: 'view' }, { groupName: 'a', role: 'owner' }],
    repositories: [null, 1, 'x', { url: 5, branch: {}, provider: [] }],
    inactivityTimeoutSeconds: 1.5,
    runnerSecretsName: 'a'.repeat(300),
    mcpServers: 'x',
  },
];

describe('settings of any shape', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const project = 'odd-settings';
  let spec: unknown;
  const watched = startWatchedWrit(writ.sandbox, {
    alter: ({ path, method }, body) =>
      method === 'GET' && path.includes('/projectsettings/')
        ? JSON.stringify({ ...JSON.parse(body), spec })
        : body,
  });
  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, project);
    await admin.create(SETTINGS(project), projectSettings({}));
  });

  it.each(ODD.map((odd) => [JSON.stringify(odd).slice(0, 60), odd]))(
    'are shown as far as they can be: %s',
    async (_, odd) => {
      spec = odd;
      const { data, errors } = await watched.as('admin', READ_SETTINGS, { project });
      expect(errors).toBeUndefined();
      expect(data.project.settings).toMatchObject({
        groupAccess: [],
        runnerSecretsName: 'ambient-runner-secrets',
        inactivityTimeoutSeconds: null,
      });
      const keys = await watched.as('admin', READ_SECRET_KEYS, { project });
      expect(keys.data.project.runnerSecretKeys).toEqual(['ANTHROPIC_API_KEY', 'GEMINI_API_KEY']);
    },
  );

  it.each(ODD.map((odd) => [JSON.stringify(odd).slice(0, 60), odd]))(
    'are no reason for a defect in a change: %s',
    async (_, odd) => {
      spec = odd;
      const input = { project, groupAccess: [{ groupName: 'crew', role: 'VIEW' }] };
      const { errors = [] } = await watched.as('admin', UPDATE_SETTINGS, { input });
      const codes = errors.map(({ extensions }) => extensions.code);
      expect(codes.filter((code) => code !== 'CONFLICT')).toEqual([]);
    },
  );
});
