import { parseName, parseNamespace } from '../../kubernetes/path.ts';
import { builder } from '../builder.ts';
import { Project } from '../project/type.ts';
import { AgenticSession } from './type.ts';

const ONE_CALL = { field: 5 };

builder.queryField('session', (t) =>
  t.field({
    type: AgenticSession,
    nullable: true,
    description: 'One session; null where there is none of this name.',
    args: {
      project: t.arg.string({ required: true, description: 'The name of its project.' }),
      name: t.arg.string({ required: true, description: 'Its name.' }),
    },
    complexity: ONE_CALL,
    resolve: (_, { project, name }, { loaders }) =>
      loaders.sessions.load({ namespace: parseNamespace(project, 'project'), name: parseName(name, 'name') }),
  }),
);

builder.objectField(Project, 'session', (t) =>
  t.field({
    type: AgenticSession,
    nullable: true,
    description: 'One session of the project; null where there is none of this name.',
    args: { name: t.arg.string({ required: true, description: 'Its name.' }) },
    complexity: ONE_CALL,
    resolve: (project, { name }, { loaders }) =>
      loaders.sessions.load({ namespace: project.metadata.name, name: parseName(name, 'name') }),
  }),
);
