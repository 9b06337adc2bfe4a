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
    'Starts a new run of a session. The caller needs permission to get and update the session and to list Jobs. It fails with NOT_FOUND if there is no such session, and with CONFLICT if a run is active or being stopped, another request starts the session at the same moment, or it is being deleted: nothing is changed then, and a running session goes on with its run. An error after the start was recorded names the session in `extensions.session`.',
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
    'Stops a session: its Job and pods are deleted, and it is STOPPING until no pod remains. The caller needs permission to get and update the session and to list Jobs. A session that has ended (STOPPED, COMPLETED or FAILED) or is being stopped is returned in its phase, so that a stop can be repeated; a start of it that has not led to a run yet is withdrawn. It fails with NOT_FOUND if there is no such session, and with CONFLICT if it is being deleted, or in a phase that Writ does not know.',
  args: sessionArgs,
  cost: 20,
  resolve: ({ project, name }, context) => asPayload(stopSession(context, project, name)),
});
