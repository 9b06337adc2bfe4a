import type { AgenticSessionSpec } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asFloat, asInt, asText } from '../stored-value.ts';

export const LlmSettings = builder
  .objectRef<NonNullable<AgenticSessionSpec['llmSettings']>>('LlmSettings')
  .implement({
    description: 'How the language model of a session is asked.',
    fields: (t) => ({
      model: t.string({
        nullable: true,
        description: "Null: the runner's default.",
        resolve: ({ model }) => asText(model),
      }),
      temperature: t.float({
        nullable: true,
        description: 'From 0 to 2.',
        resolve: ({ temperature }) => asFloat(temperature),
      }),
      maxTokens: t.int({
        nullable: true,
        description: 'The longest answer, in tokens.',
        resolve: ({ maxTokens }) => asInt(maxTokens),
      }),
    }),
  });

export const LlmSettingsInput = builder.inputType('LlmSettingsInput', {
  description: 'How the language model is asked.',
  fields: (t) => ({
    model: t.string({ description: 'One of the models of the runner type.' }),
    temperature: t.float({ description: 'From 0 to 2.' }),
    maxTokens: t.int({ description: 'The longest answer, in tokens: from 1 to 1,000,000.' }),
  }),
});
