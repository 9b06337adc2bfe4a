import { builder } from '../builder.ts';

/** The arguments that identify a scheduled session. */
export const scheduleArgs = builder.args((t) => ({
  project: t.string({ required: true, description: 'The name of the project that contains the schedule.' }),
  name: t.string({ required: true, description: 'The name of the scheduled session.' }),
}));
