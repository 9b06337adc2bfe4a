import type { SessionAction } from '../generated/graphql.ts';

export const sessionActions = {
  menu: 'Actions',
  labelOf: (session: string) => `Actions on ${session}`,
  actions: {
    START: 'Start',
    STOP: 'Stop',
    CLONE: 'Clone…',
    UPDATE: 'Rename…',
    DELETE: 'Delete…',
  } satisfies Record<SessionAction, string>,
  notInPhase: (phase: string) => `Not while it is ${phase.toLowerCase()}`,
  unknownReason: 'Not now. Why could not be read',
  notPermitted: 'You may not do this. Why?',
  needsRole: (role: string) => `It needs the role ${role}. More`,
  denied: {
    titles: {
      START: 'You may not start this session',
      STOP: 'You may not stop this session',
      CLONE: 'You may not clone this session',
      UPDATE: 'You may not rename this session',
      DELETE: 'You may not delete this session',
    } satisfies Record<SessionAction, string>,
    manifest: 'The smallest role that allows it',
  },
  failed: {
    START: (name: string) => `${name} was not started`,
    STOP: (name: string) => `${name} was not stopped`,
    now: (phase: string) => `The session is ${phase.toLowerCase()} now.`,
  },
  rename: {
    title: (name: string) => `Rename ${name}`,
    displayName: 'Display name',
    hint: 'Without one, the session is shown by its name.',
    submit: 'Rename',
    changed: (displayName: string | null) =>
      displayName === null
        ? 'Meanwhile its display name was removed.'
        : `Meanwhile it was renamed to “${displayName}”.`,
  },
  delete: {
    title: (name: string) => `Delete ${name}?`,
    hint: 'Its run is stopped, and its pods and logs are deleted with it. This cannot be undone.',
    submit: 'Delete session',
  },
  clone: {
    title: (name: string) => `Clone ${name}`,
    hint: 'The new session has the same prompt, repositories and settings, and you as its creator.',
    edit: 'Change its prompt, runner, repositories or variables first…',
    displayName: 'Display name',
    displayNameHint: 'Without one, it is that of the source.',
    name: 'Name',
    nameHint: 'Lower-case letters, digits and hyphens, at most 63. Without one, a name is generated.',
    project: 'Project',
    environmentVariables: 'Copy environment variables, MCP servers and the workflow',
    environmentVariablesHint: 'They can contain secrets, which another project could send elsewhere.',
    autoPush: 'Copy which repositories are pushed to',
    start: 'Start it at once',
    startHint: 'It follows the prompt of the source. If others can write that, read the new session first.',
    submit: 'Clone session',
  },
};
