import { namespacedResource, type ObjectMeta, type Stored } from '../kubernetes/resources.ts';
import { SESSION_GROUP } from './session.ts';

export const PROJECT_SETTINGS = namespacedResource(
  SESSION_GROUP,
  'v1alpha1',
  'projectsettings',
  'ProjectSettings',
);

/** A project has one ProjectSettings, of this name. */
export const SETTINGS_NAME = 'projectsettings';

/** The one ProjectSettings object of a project: the fields that Writ uses. */
export type ProjectSettings = Stored<{
  metadata?: ObjectMeta;
  spec?: {
    groupAccess?: { groupName: string; role: string }[];
    runnerSecretsName?: string;
    inactivityTimeoutSeconds?: number;
    repositories?: { url: string; branch?: string; provider?: string }[];
    mcpServers?: unknown;
  };
}>;

/**
 * Who creates the RoleBindings for the groups in a project's settings. `writ`: the mutation that changes them, as its caller.
 * `operator`: an operator of the cluster, which watches the settings.
 */
export const GROUP_ACCESS_OWNERS = ['writ', 'operator'] as const;
export type GroupAccessOwner = (typeof GROUP_ACCESS_OWNERS)[number];
