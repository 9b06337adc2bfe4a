import type { AgenticSession as Shape } from '../../kubernetes/resources.ts';
import { startSession } from '../../sessions/start-session.ts';
import { stopSession } from '../../sessions/stop-session.ts';
import { builder } from '../builder.ts';
import { namingSession } from './failed-session.ts';
import { AgenticSession } from './type.ts';

const StartPayload = builder.objectRef<{ session: Shape }>('StartSessionPayload').implement({
  description: 'What startSession answers.',
  fields: (t) => ({ session: t.expose('session', { type: AgenticSession, description: 'As it is now.' }) }),
});
const StopPayload = builder.objectRef<{ session: Shape }>('StopSessionPayload').implement({
  description: 'What stopSession answers.',
  fields: (t) => ({ session: t.expose('session', { type: AgenticSession, description: 'As it is now.' }) }),
});

builder.mutationFields((t) => ({
  startSession: t.field({
    type: StartPayload,
    description: 'Makes a new run of a session, if the caller may update it. CONFLICT where it runs already.',
    args: {
      project: t.arg.string({ required: true, description: 'The name of its project.' }),
      name: t.arg.string({ required: true, description: 'Its name.' }),
    },
    complexity: { field: 50 },
    resolve: async (_, { project, name }, context) => {
      context.refreshLoaders();
      return { session: await namingSession(startSession(context, project, name)) };
    },
  }),
  stopSession: t.field({
    type: StopPayload,
    description:
      'Ends the run of a session, if the caller may update it. STOPPING until no pod remains. CONFLICT where nothing runs.',
    args: {
      project: t.arg.string({ required: true, description: 'The name of its project.' }),
      name: t.arg.string({ required: true, description: 'Its name.' }),
    },
    complexity: { field: 20 },
    resolve: async (_, { project, name }, context) => {
      context.refreshLoaders();
      return { session: await stopSession(context, project, name) };
    },
  }),
}));
