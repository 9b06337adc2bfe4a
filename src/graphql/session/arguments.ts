import { builder } from '../builder.ts';

/** The arguments that identify a session. */
export const sessionArgs = builder.args((t) => ({
  project: t.string({ required: true, description: 'The name of the project that contains the session.' }),
  name: t.string({ required: true, description: 'The name of the session.' }),
}));
