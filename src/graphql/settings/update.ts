import type { ProjectSettings as Shape } from '../../model/project.ts';
import type { UpdateProjectSettingsInput } from '../../settings/settings-fields.ts';
import { updateProjectSettings } from '../../settings/update-settings.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { ProjectRole } from '../project/role.ts';
import { ProjectSettings } from './type.ts';

const GroupAccessInput = builder.inputType('GroupAccessInput', {
  description: 'A group of the cluster that gets a role in the project.',
  fields: (t) => ({
    groupName: t.string({
      required: true,
      description:
        'The name of the group in the cluster: a single line of 1 to 1,024 characters. It is not `system:unauthenticated` or `system:anonymous`.',
    }),
    role: t.field({
      type: ProjectRole,
      required: true,
      description: 'The role that each member of the group gets in the project.',
    }),
  }),
});

const SettingsRepositoryInput = builder.inputType('SettingsRepositoryInput', {
  description: 'A git repository that the project offers to its sessions.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'The URL to clone from: https or ssh, at most 2,048 characters, without a password, token, query or fragment.',
    }),
    branch: t.string({
      description: 'The branch to work on: a name that git accepts, of at most 253 characters.',
    }),
    provider: t.string({
      description: 'The type of git host, for example github: a single line of 1 to 63 characters.',
    }),
  }),
});

const Input = builder.inputType('UpdateProjectSettingsInput', {
  description:
    'The changes to the settings of a project. An absent field stays unchanged, and null clears a field. A list replaces the stored one as a whole.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    resourceVersion: t.string({
      description:
        'The expected `ProjectSettings.resourceVersion`; the mutation fails with CONFLICT if the settings have another one, or do not exist. If it is absent, any version is accepted.',
    }),
    groupAccess: t.field({
      type: [GroupAccessInput],
      description:
        'The groups that have a role in the project by its settings: at most 64, each of them once. Each gets a RoleBinding, made as the caller, and those that are no longer listed lose theirs. RoleBindings that were not made so are left as they are.',
    }),
    runnerSecretsName: t.string({
      description:
        "The name of the Secret whose keys become the environment of the project's runs: one that the administrator allows. The caller needs permission to get this Secret. Null means the default of the administrator.",
    }),
    inactivityTimeoutSeconds: t.int({
      description:
        'The time without activity after which a session is stopped, in seconds: from 0, which means never, to 31,536,000. Null means 86,400.',
    }),
    repositories: t.field({
      type: [SettingsRepositoryInput],
      description:
        'The git repositories that the project offers to its sessions: at most 256, none with the same URL and branch as another.',
    }),
    allowRemovingLastAdmin: t.boolean({
      description:
        'Whether `groupAccess` may leave the project without any RoleBinding to the role ADMIN. By default it fails with CONFLICT and the reason `LastAdmin`.',
    }),
  }),
});

const Payload = builder.objectRef<{ settings: Shape }>('UpdateProjectSettingsPayload').implement({
  description: 'The result of the mutation `updateProjectSettings`.',
  fields: (t) => ({
    settings: t.field({
      type: ProjectSettings,
      description: 'The settings after the change.',
      resolve: ({ settings }) => settings,
    }),
  }),
});

mutation('updateProjectSettings', {
  payload: Payload,
  description:
    "Changes the settings of a project with the caller's own permissions, and creates them if there are none. The caller needs permission to get the namespace, to get and patch or create projectsettings and, for `groupAccess`, to list, create and delete RoleBindings and to grant the roles. It fails with NOT_FOUND if there is no such project, and with CONFLICT if the settings change at the same moment, or if a RoleBinding that was not made for the settings has the name of one.",
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The project and its changes.' }),
  })),
  cost: 50,
  resolve: async ({ input }, context) => ({
    settings: await updateProjectSettings(context, input as UpdateProjectSettingsInput),
  }),
});
