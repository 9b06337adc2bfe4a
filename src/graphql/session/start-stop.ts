import { startSession } from '../../sessions/start-session.ts';
import { stopSession } from '../../sessions/stop-session.ts';
import { mutation } from '../mutation.ts';
import { sessionArgs } from './arguments.ts';
import { asPayload, sessionPayload } from './payload.ts';

mutation('startSession', {
  payload: sessionPayload(
    'startSession',
    'The session after the start was requested, normally in the phase CREATING.',
  ),
  description:
    'Starts a new run of a session. The caller needs permission to get and update the session and to list Jobs. It fails with NOT_FOUND if there is no such session, and with CONFLICT if a run is active, another request starts the session at the same moment, or it is being deleted. An error after the start was recorded names the session in `extensions.session`.',
  args: sessionArgs,
  cost: 50,
  resolve: ({ project, name }, context) => asPayload(startSession(context, project, name)),
});

mutation('stopSession', {
  payload: sessionPayload(
    'stopSession',
    'The session after the stop was requested, normally in the phase STOPPING.',
  ),
  description:
    'Stops a session: its Job and pods are deleted, and it is STOPPING until no pod remains. The caller needs permission to get and update the session and to list Jobs. It fails with NOT_FOUND if there is no such session, and with CONFLICT if there is nothing to stop: the session was never started, or has ended by itself. A session that a stop has ended is returned as it is, so that a stop can be repeated.',
  args: sessionArgs,
  cost: 20,
  resolve: ({ project, name }, context) => asPayload(stopSession(context, project, name)),
});
