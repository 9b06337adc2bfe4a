import { builder } from '../builder.ts';
import { KeyValue } from '../key-value.ts';
import { LlmSettings } from '../session/llm-settings.ts';
import { SessionRepo } from '../session/repo.ts';
import { sessionTemplateFields } from '../session/template-input.ts';
import { asBoolean, asInt, asList, asText } from '../stored-value.ts';

/** As it is stored: any of the fields can be absent or invalid. */
type Shape = Record<string, unknown>;

export const SessionTemplate = builder.objectRef<Shape>('SessionTemplate').implement({
  description:
    'What the sessions of a schedule have in common. It is validated whenever a session is created from it.',
  fields: (t) => ({
    displayName: t.string({
      nullable: true,
      description: 'The name for display of each session; null if they have none.',
      resolve: ({ displayName }) => asText(displayName),
    }),
    initialPrompt: t.string({
      nullable: true,
      description: 'The first message to the agent, which describes its task; null if there is none.',
      resolve: ({ initialPrompt }) => asText(initialPrompt),
    }),
    runnerType: t.string({
      nullable: true,
      description: 'The name of the runner type; null means the default one when a session is created.',
      resolve: ({ runnerType }) => asText(runnerType),
    }),
    llmSettings: t.field({
      type: LlmSettings,
      nullable: true,
      description: 'The settings of the language model; null means the defaults of the runner type.',
      resolve: ({ llmSettings }) => (isFields(llmSettings) ? llmSettings : null),
    }),
    timeoutSeconds: t.int({
      nullable: true,
      description: 'The maximum duration of a run, in seconds; null means the default.',
      resolve: ({ timeoutSeconds }) => asInt(timeoutSeconds),
    }),
    inactivityTimeoutSeconds: t.int({
      nullable: true,
      description:
        'How long a run can be without activity before the session is stopped, in seconds. 0 means no limit; null means the setting of the project.',
      resolve: ({ inactivityTimeoutSeconds }) => asInt(inactivityTimeoutSeconds),
    }),
    stopOnRunFinished: t.boolean({
      nullable: true,
      description: 'Whether a session ends when the agent has finished its task; null means false.',
      resolve: ({ stopOnRunFinished }) => asBoolean(stopOnRunFinished),
    }),
    repos: t.field({
      type: [SessionRepo],
      description: 'The git repositories that the sessions work on.',
      resolve: ({ repos }) => asList(repos as { url: string }[] | undefined),
    }),
    environmentVariables: t.field({
      type: [KeyValue],
      description: 'The environment variables of the runner that the template defines.',
      resolve: ({ environmentVariables }) => entriesOf(environmentVariables),
    }),
    labels: t.field({
      type: [KeyValue],
      description: 'The labels of each session.',
      resolve: ({ labels }) => entriesOf(labels),
    }),
    annotations: t.field({
      type: [KeyValue],
      description: 'The annotations of each session.',
      resolve: ({ annotations }) => entriesOf(annotations),
    }),
  }),
});

export const SessionTemplateInput = builder.inputType('SessionTemplateInput', {
  description:
    'What the sessions of a schedule have in common, by the same rules as for `createSession`: at most 163,840 bytes as JSON. Null has the same effect as an absent field.',
  fields: sessionTemplateFields,
});

function entriesOf(value: unknown): { key: string; value: string }[] {
  const entries = asList(value as { key: unknown; value: unknown }[] | undefined);
  return entries.flatMap(({ key, value: text }) =>
    typeof key === 'string' && typeof text === 'string' ? [{ key, value: text }] : [],
  );
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
