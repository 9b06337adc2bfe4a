import { PROJECT_SETTINGS, SETTINGS_NAME, type ProjectSettings as Shape } from '../../model/project.ts';
import { runnerSecretsNameOf } from '../../model/run-template.ts';
import type { GroupAccess as Access } from '../../settings/group-bindings.ts';
import { groupAccessOf } from '../../settings/stored-settings.ts';
import { builder, ONE_CALL } from '../builder.ts';
import { ProjectRole } from '../project/role.ts';
import { Project } from '../project/type.ts';
import { Node, nodeTypes } from '../relay/node.ts';
import { kubernetesNodeType } from '../relay/node-type.ts';
import { asInt, asList, asText } from '../stored-value.ts';

const GroupAccess = builder.objectRef<Access>('GroupAccess').implement({
  description: 'A group of the cluster that has a role in the project by its settings.',
  fields: (t) => ({
    groupName: t.exposeString('groupName', { description: 'The name of the group in the cluster.' }),
    role: t.field({
      type: ProjectRole,
      description: 'The role that each member of the group has in the project.',
      resolve: ({ role }) => role,
    }),
  }),
});

type Repository = NonNullable<NonNullable<Shape['spec']>['repositories']>[number];

const SettingsRepository = builder.objectRef<Repository>('SettingsRepository').implement({
  description: 'A git repository that a project offers to its sessions.',
  fields: (t) => ({
    url: t.string({
      description: 'The URL of the repository, as it is stored in the settings.',
      resolve: ({ url }) => asText(url) ?? '',
    }),
    branch: t.string({
      nullable: true,
      description: 'The branch to work on; null means main.',
      resolve: ({ branch }) => asText(branch),
    }),
    provider: t.string({
      nullable: true,
      description: 'The type of git host, for example github or gitlab; null if it is not stored.',
      resolve: ({ provider }) => asText(provider),
    }),
  }),
});

export const ProjectSettings = builder.objectRef<Shape>('ProjectSettings').implement({
  description: 'The settings of a project: its one ProjectSettings object, which is named `projectsettings`.',
  interfaces: [Node],
  fields: (t) => ({
    resourceVersion: t.string({
      description: 'The version of the settings, for `updateProjectSettings`. It changes with each change.',
      resolve: ({ metadata }) => metadata.resourceVersion,
    }),
    groupAccess: t.field({
      type: [GroupAccess],
      description:
        'The groups of the cluster that have a role in the project by these settings. Others can have one by another RoleBinding.',
      resolve: groupAccessOf,
    }),
    runnerSecretsName: t.string({
      description:
        "The name of the Secret whose keys become the environment of the project's runs: the one that the settings store, or the default of the administrator if they store none, or one that the administrator does not allow.",
      resolve: ({ spec }, _, { runners }) => runnerSecretsNameOf(runners, spec?.runnerSecretsName),
    }),
    inactivityTimeoutSeconds: t.int({
      nullable: true,
      description:
        'The time without activity after which a session is stopped, in seconds, unless it has its own. 0 means never; null means the default of 86,400.',
      resolve: ({ spec }) => asInt(spec?.inactivityTimeoutSeconds),
    }),
    repositories: t.field({
      type: [SettingsRepository],
      description: 'The git repositories that the project offers to its sessions.',
      resolve: ({ spec }) => asList(spec?.repositories),
    }),
    // Not mcpServers: fields of one name have one type on all Node types, and a session's are of another.
    mcpServersConfig: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The MCP servers of all sessions of the project, as they are stored: the runner defines their form. It is null if there are none.',
      resolve: ({ spec }) => spec?.mcpServers ?? null,
    }),
  }),
});

nodeTypes.register(kubernetesNodeType<Shape>('ProjectSettings', PROJECT_SETTINGS));

builder.objectField(Project, 'settings', (t) =>
  t.field({
    type: ProjectSettings,
    nullable: true,
    description:
      'The settings of the project; null if it has none, so that all of them have their defaults. The caller needs permission to get projectsettings.',
    complexity: ONE_CALL,
    resolve: ({ metadata }, _, { loaders }) =>
      loaders.find<Shape>(PROJECT_SETTINGS, { namespace: metadata.name, name: SETTINGS_NAME }),
  }),
);
