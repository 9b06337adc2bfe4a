import { reviewAccess, type Subject } from '../authorization/reviews.ts';
import { BadUserInput, toWritError } from '../errors.ts';
import { mergeOperations } from '../kubernetes/json-patch.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { parseNamespace } from '../kubernetes/path.ts';
import { apiVersionOf, SECRETS } from '../kubernetes/resources.ts';
import { forbidden } from '../kubernetes/status-mapping.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import {
  type GroupAccessOwner,
  PROJECT_SETTINGS,
  type ProjectSettings,
  SETTINGS_NAME,
} from '../model/project.ts';
import type { ProjectRolePrefix } from '../model/project-role.ts';
import { allowedRunnerSecrets, type Runners, type RunTemplate } from '../model/run-template.ts';
import { check } from '../sessions/session-fields.ts';
import { prepareGroupAccess } from './group-access-change.ts';
import { assertVersion, changedSince, readSettings } from './read-settings.ts';
import { settingsInput, type UpdateProjectSettingsInput } from './settings-fields.ts';
import { groupAccessOf } from './stored-settings.ts';

export interface SettingsDependencies {
  user: UserCluster;
  subject: Pick<Subject, 'groups'>;
  runners: Runners;
  projectRolePrefix: ProjectRolePrefix;
  groupAccess: GroupAccessOwner;
  scanLimit: number;
}

const WHAT = 'The settings';

type Fields = Record<string, unknown>;

/**
 * Changes a project's settings as the user, and creates them if there are none. A field that is absent stays unchanged, null
 * clears it. With `groupAccess`, bindings are granted first, then the settings are written, then bindings are revoked: a
 * failure of the first two changes nothing. After one of the last, the settings are right and some group still has its role:
 * the same call again revokes it. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT.
 */
export async function updateProjectSettings(
  dependencies: SettingsDependencies,
  rawInput: UpdateProjectSettingsInput,
): Promise<ProjectSettings> {
  const { user, runners } = dependencies;
  const project = parseNamespace(rawInput.project, 'input.project');
  const input = check(settingsInput, rawInput, 'input');
  assertAllowedSecret(input.runnerSecretsName, runners.template);
  const stored = await readSettings(user, project);
  assertVersion(stored, input.resourceVersion, project, WHAT);
  if (input.runnerSecretsName != null) await assertMayReadSecret(user, project, input.runnerSecretsName);

  const { groupAccess, runnerSecretsName, inactivityTimeoutSeconds, repositories } = input;
  // Other definitions of the resource require groupAccess.
  const groups = groupAccess === null || (!stored && groupAccess === undefined) ? [] : groupAccess;
  const changes = { groupAccess: groups, runnerSecretsName, inactivityTimeoutSeconds, repositories };
  if (groupAccess === undefined) return write(user, project, stored, changes);

  const options = {
    user,
    groups: dependencies.subject.groups,
    project,
    owner: dependencies.groupAccess,
    prefix: dependencies.projectRolePrefix,
    scanLimit: dependencies.scanLimit,
    allowRemovingLastAdmin: input.allowRemovingLastAdmin ?? false,
  };
  const change = await prepareGroupAccess(options, groupAccessOf(stored), groupAccess ?? []);
  await change.grant();
  let settings: ProjectSettings;
  try {
    settings = await write(user, project, stored, changes);
  } catch (error) {
    await change.undo();
    throw error;
  }
  try {
    await change.revoke();
  } catch (error) {
    throw toWritError(error).with({ hint: 'The settings are stored. Send the same change again.' });
  }
  return settings;
}

function assertAllowedSecret(name: string | null | undefined, template: RunTemplate): void {
  const allowed = allowedRunnerSecrets(template);
  if (name == null || allowed.includes(name)) return;
  const message = `must be a name that the administrator allows: ${allowed.join(', ')}`;
  throw new BadUserInput([{ path: 'input.runnerSecretsName', message }]);
}

/** Runs show the Secret's values to whoever may create sessions, so only those who may read it can choose it. */
async function assertMayReadSecret(user: UserCluster, namespace: string, name: string): Promise<void> {
  const { group, resource } = SECRETS;
  const attributes = { verb: 'get', group, resource, namespace, name };
  const { allowed, reason } = await reviewAccess(user, attributes, 'mutation');
  if (!allowed) throw forbidden(attributes, reason);
}

/** CONFLICT if the settings have changed since they were read. */
async function write(
  user: UserCluster,
  project: string,
  stored: ProjectSettings | null,
  changes: Fields,
): Promise<ProjectSettings> {
  if (!stored) {
    const spec = Object.fromEntries(Object.entries(changes).flatMap(withoutNull));
    return user.create<ProjectSettings>(
      PROJECT_SETTINGS,
      { namespace: project },
      {
        apiVersion: apiVersionOf(PROJECT_SETTINGS),
        kind: PROJECT_SETTINGS.kind,
        metadata: { name: SETTINGS_NAME, namespace: project },
        spec,
      },
    );
  }
  const given = Object.fromEntries(
    Object.entries(changes).flatMap(([key, value]) =>
      value === null ? [[key, null]] : withoutNull([key, value]),
    ),
  );
  const operations = mergeOperations('/spec', stored.spec, given);
  if (operations.length === 0) return stored;
  const { uid, resourceVersion } = stored.metadata;
  try {
    return await user.patch<ProjectSettings>(PROJECT_SETTINGS, project, SETTINGS_NAME, [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      ...operations,
    ]);
  } catch (error) {
    if (!(error instanceof KubernetesError && error.mayBePreconditionFailed)) throw error;
    throw changedSince(project, WHAT);
  }
}

/** An entry without the fields of items that are null, which a custom resource does not take. */
function withoutNull([key, value]: [string, unknown]): [string, unknown][] {
  if (value == null) return [];
  if (!Array.isArray(value)) return [[key, value]];
  const items = value.map((item: Fields) =>
    Object.fromEntries(Object.entries(item).filter(([, field]) => field != null)),
  );
  return [[key, items]];
}
