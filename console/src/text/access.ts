import type { MemberOrigin, ProjectRole, SubjectKind } from '../generated/graphql.ts';

export const access = {
  label: 'What you may not do here',
  askFor: (role: string) => `An admin of the project can make you ${role}.`,
  details: 'What it would take',
  reason: (reason: string) => `The cluster says: ${reason}`,
  copyManifest: 'Copy the manifest',
  roles: { VIEW: 'Viewer', EDIT: 'Editor', ADMIN: 'Admin' } satisfies Record<ProjectRole, string>,
  roleHints: {
    VIEW: 'Reads sessions, their logs and events, and the settings.',
    EDIT: 'Also creates, changes, starts and stops sessions.',
    ADMIN: 'Also manages members, settings and secrets, and deletes the project.',
  } satisfies Record<ProjectRole, string>,
  kinds: {
    USER: 'User',
    GROUP: 'Group',
    SERVICE_ACCOUNT: 'Service account',
  } satisfies Record<SubjectKind, string>,
  origins: {
    WRIT: 'given in Writ',
    SETTINGS: 'given by the settings of the project',
    OTHER: 'given by another tool, or to an access key',
  } satisfies Record<MemberOrigin, string>,
};
