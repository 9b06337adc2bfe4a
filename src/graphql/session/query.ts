import { parseName, parseNamespace } from '../../kubernetes/path.ts';
import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { builder, ONE_CALL } from '../builder.ts';
import { Project } from '../project/type.ts';
import { AgenticSession } from './type.ts';

builder.queryField('session', (t) =>
  t.field({
    type: AgenticSession,
    nullable: true,
    description: 'The session with this name; null if it does not exist.',
    args: {
      project: t.arg.string({ required: true, description: 'The name of the project.' }),
      name: t.arg.string({ required: true, description: 'The name of the session.' }),
    },
    complexity: ONE_CALL,
    resolve: (_, { project, name }, { loaders }) =>
      loaders.find<Shape>(AGENTIC_SESSIONS, {
        namespace: parseNamespace(project, 'project'),
        name: parseName(name, 'name'),
      }),
  }),
);

builder.objectField(Project, 'session', (t) =>
  t.field({
    type: AgenticSession,
    nullable: true,
    description: 'The session of the project with this name; null if it does not exist.',
    args: { name: t.arg.string({ required: true, description: 'The name of the session.' }) },
    complexity: ONE_CALL,
    resolve: (project, { name }, { loaders }) =>
      loaders.find<Shape>(AGENTIC_SESSIONS, {
        namespace: project.metadata.name,
        name: parseName(name, 'name'),
      }),
  }),
);
