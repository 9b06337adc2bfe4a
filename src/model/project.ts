import { namespacedResource, type ObjectMeta, type Stored } from '../kubernetes/resources.ts';
import { SESSION_GROUP } from './session.ts';

export const PROJECT_SETTINGS = namespacedResource(
  SESSION_GROUP,
  'v1alpha1',
  'projectsettings',
  'ProjectSettings',
);

/** The one ProjectSettings object of a project: the fields that Writ uses. */
export type ProjectSettings = Stored<{
  metadata?: ObjectMeta;
  spec?: { inactivityTimeoutSeconds?: number };
}>;
