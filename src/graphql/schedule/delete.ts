import { deleteSchedule } from '../../schedules/delete-schedule.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { nodeTypes } from '../relay/node.ts';
import { scheduleArgs } from './arguments.ts';

const Payload = builder.objectRef<{ deletedId: string }>('DeleteScheduledSessionPayload').implement({
  description: 'The result of the mutation `deleteScheduledSession`.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The global id of the deleted schedule, for removing it from a client cache.',
      resolve: ({ deletedId }) => deletedId,
    }),
  }),
});

mutation('deleteScheduledSession', {
  payload: Payload,
  description:
    'Deletes a schedule. The sessions that it has created stay. The caller needs permission to get the CronJob and to create agenticsessions in the project. It fails with NOT_FOUND if there is no such schedule, and with CONFLICT if another one takes its name at the same moment.',
  args: scheduleArgs,
  cost: 20,
  resolve: async ({ project, name }, context) => ({
    deletedId: nodeTypes.idOf(await deleteSchedule(context, project, name)),
  }),
});
