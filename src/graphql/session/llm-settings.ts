import type { AgenticSessionSpec } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asFloat, asInt, asText } from '../stored-value.ts';

export const LlmSettings = builder
  .objectRef<NonNullable<AgenticSessionSpec['llmSettings']>>('LlmSettings')
  .implement({
    description: 'The settings of the language model of a session.',
    fields: (t) => ({
      model: t.string({
        nullable: true,
        description: 'The name of the model; null means the default model of the runner type.',
        resolve: ({ model }) => asText(model),
      }),
      temperature: t.float({
        nullable: true,
        description: 'The sampling temperature, from 0 to 2; null means the default of the runner.',
        resolve: ({ temperature }) => asFloat(temperature),
      }),
      maxTokens: t.int({
        nullable: true,
        description:
          'The maximum number of tokens of one response of the model; null means the default of the runner.',
        resolve: ({ maxTokens }) => asInt(maxTokens),
      }),
    }),
  });

export const LlmSettingsInput = builder.inputType('LlmSettingsInput', {
  description:
    'The settings of the language model. In `createSession` an absent field means the default of the runner type; in `updateSession` it means no change, and null clears the field.',
  fields: (t) => ({
    model: t.string({
      description:
        'The name of the model, one of `RunnerType.models` of the runner type of the session, else BAD_USER_INPUT.',
    }),
    temperature: t.float({ description: 'The sampling temperature, from 0 to 2.' }),
    maxTokens: t.int({
      description: 'The maximum number of tokens of one response of the model, from 1 to 1,000,000.',
    }),
  }),
});
