import type { ProjectRole as Role } from '../../model/project-role.ts';
import { builder, ONE_CALL } from '../builder.ts';
import { Project } from './type.ts';

export const ProjectRole = builder.enumType('ProjectRole', {
  description: 'What a member of a project may do, from least to most. Each role includes those before it.',
  values: {
    VIEW: { value: 'view', description: 'Read sessions, their logs and events, and the settings.' },
    EDIT: { value: 'edit', description: 'Also create, change, start and stop sessions.' },
    ADMIN: {
      value: 'admin',
      description: 'Also manage members, settings and secrets, and delete the project.',
    },
  } satisfies Record<Uppercase<Role>, { value: Role; description: string }>,
});

builder.objectField(Project, 'viewerRole', (t) =>
  t.field({
    type: ProjectRole,
    nullable: true,
    description:
      'The highest role whose rights the caller has in the project, whatever gives them: EDIT if the caller may create sessions, ADMIN if the caller may also update the settings; VIEW if the caller may list sessions; null without any of these. It can be up to 10 seconds old.',
    complexity: ONE_CALL,
    resolve: ({ metadata }, _, { reviews }) => reviews.roleIn(metadata.name),
  }),
);
