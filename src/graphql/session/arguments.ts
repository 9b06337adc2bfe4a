import { builder } from '../builder.ts';

/** The arguments that identify a session. */
export const sessionArgs = builder.args((t) => ({
  project: t.string({ required: true, description: 'The name of the project.' }),
  name: t.string({ required: true, description: 'The name of the session.' }),
}));
