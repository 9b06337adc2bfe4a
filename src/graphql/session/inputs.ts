import { builder } from '../builder.ts';

export const LlmSettingsInput = builder.inputType('LlmSettingsInput', {
  description: 'How the language model is asked.',
  fields: (t) => ({
    model: t.string({ description: 'One of the models of the runner type.' }),
    temperature: t.float({ description: 'From 0 to 2.' }),
    maxTokens: t.int({ description: 'The longest answer, in tokens: from 1 to 1,000,000.' }),
  }),
});

export const SessionRepoInput = builder.inputType('SessionRepoInput', {
  description: 'A git repository to work on.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'https or ssh, without credentials.' }),
    branch: t.string({ description: 'Omitted: main.' }),
    autoPush: t.boolean({ description: 'Whether the runner pushes its commits. Omitted: no.' }),
  }),
});

/** The arguments that identify a session. */
export const sessionArgs = builder.args((t) => ({
  project: t.string({ required: true, description: 'The name of the project.' }),
  name: t.string({ required: true, description: 'The name of the session.' }),
}));
