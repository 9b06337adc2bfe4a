import type { ProjectRole as Role } from '../../model/project-role.ts';
import { builder } from '../builder.ts';

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
