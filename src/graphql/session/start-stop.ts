import { startSession } from '../../sessions/start-session.ts';
import { stopSession } from '../../sessions/stop-session.ts';
import { mutation } from '../mutation.ts';
import { sessionArgs } from './arguments.ts';
import { asPayload, sessionPayload } from './payload.ts';

mutation('startSession', {
  payload: sessionPayload('startSession', 'The session after the start was requested.'),
  description:
    'Creates a new run of a session, if the caller may update the session. CONFLICT if it runs already.',
  args: sessionArgs,
  cost: 50,
  resolve: ({ project, name }, context) => asPayload(startSession(context, project, name)),
});

mutation('stopSession', {
  payload: sessionPayload('stopSession', 'The session after the stop was requested.'),
  description:
    'Ends the run of a session, if the caller may update the session. It is STOPPING until no pod remains. CONFLICT if nothing runs.',
  args: sessionArgs,
  cost: 20,
  resolve: ({ project, name }, context) => asPayload(stopSession(context, project, name)),
});
