import type { builder } from '../builder.ts';
import { KeyValueInput } from '../key-value.ts';
import { LlmSettingsInput } from './llm-settings.ts';
import { SessionRepoInput } from './repo.ts';

export type InputFields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0];

/** The fields of a new session that `createSession` and schedules have in common. */
export function sessionTemplateFields(t: InputFields) {
  return {
    displayName: t.string({ description: 'The name for display: a single line of at most 256 characters.' }),
    initialPrompt: t.string({
      description:
        'The first message to the agent, which describes its task: at most 131,056 bytes in UTF-8, without NUL characters.',
    }),
    runnerType: t.string({
      description:
        "The `RunnerType.name` of one of `Query.runnerTypes`. The default is the type with `RunnerType.isDefault`. It is BAD_USER_INPUT if the caller can see that the project's runner Secret lacks one of `RunnerType.requiredSecretKeys`.",
    }),
    llmSettings: t.field({
      type: LlmSettingsInput,
      description: 'The settings of the language model. The default settings are those of the runner type.',
    }),
    timeoutSeconds: t.int({
      description:
        'The maximum duration of a run, in seconds: from 1 to the maximum that the administrator sets, which is 14,400 by default. The default is 300.',
    }),
    inactivityTimeoutSeconds: t.int({
      description:
        'How long a run can be without activity before the session is stopped, in seconds: at most 31,536,000, and 0 means no limit. The default is the setting of the project, or 86,400 if it has none.',
    }),
    stopOnRunFinished: t.boolean({
      description:
        'Whether the session ends when the agent has finished its task, instead of waiting for another message. The default is false.',
    }),
    repos: t.field({
      type: [SessionRepoInput],
      description: 'The git repositories that the session works on, at most 32.',
    }),
    environmentVariables: t.field({
      type: [KeyValueInput],
      description:
        'Environment variables for the runner: at most 128, with values of at most 32,768 characters, and 700,000 bytes in UTF-8 in all. Names that a run sets itself, or that change how a process loads code, are reserved, and the administrator can restrict the names for each runner type. A name that is not allowed is BAD_USER_INPUT.',
    }),
    labels: t.field({
      type: [KeyValueInput],
      description:
        'The labels of the session, at most 32. Keys with a prefix that Writ, Kubernetes or OpenShift reserves are BAD_USER_INPUT.',
    }),
    annotations: t.field({
      type: [KeyValueInput],
      description:
        'The annotations of the session: at most 32, with values of at most 16,384 characters. The same prefixes as for labels are reserved.',
    }),
  };
}
