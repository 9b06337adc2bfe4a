import type {
  ConcurrencyPolicy,
  ScheduleDetailsFragment,
  SessionTemplateInput,
} from '../generated/graphql.ts';

interface RepoDraft {
  url: string;
  branch: string;
  autoPush: boolean;
}

interface VariableDraft {
  key: string;
  value: string;
}

/** A schedule as its form has it. */
export interface ScheduleDraft {
  name: string;
  displayName: string;
  schedule: string;
  timeZone: string;
  concurrencyPolicy: ConcurrencyPolicy;
  suspended: boolean;
  sessionDisplayName: string;
  initialPrompt: string;
  runnerType: string;
  model: string;
  timeoutSeconds: string;
  inactivityTimeoutSeconds: string;
  stopOnRunFinished: boolean;
  repos: RepoDraft[];
  environmentVariables: VariableDraft[];
}

export function draftOf(stored: ScheduleDetailsFragment | null): ScheduleDraft {
  const template = stored?.sessionTemplate;
  return {
    name: stored?.name ?? '',
    displayName: stored?.displayName ?? '',
    schedule: stored?.schedule ?? '0 9 * * 1-5',
    timeZone: stored?.timeZone ?? viewerTimeZone(),
    concurrencyPolicy: stored?.concurrencyPolicy ?? 'FORBID',
    suspended: stored?.suspended ?? false,
    sessionDisplayName: template?.displayName ?? '',
    initialPrompt: template?.initialPrompt ?? '',
    runnerType: template?.runnerType ?? '',
    model: template?.llmSettings?.model ?? '',
    timeoutSeconds: template?.timeoutSeconds?.toString() ?? '',
    inactivityTimeoutSeconds: template?.inactivityTimeoutSeconds?.toString() ?? '',
    stopOnRunFinished: template?.stopOnRunFinished ?? true,
    repos:
      template?.repos.map(({ url, branch, autoPush }) => ({ url, branch: branch ?? '', autoPush })) ?? [],
    environmentVariables: template?.environmentVariables.map(({ key, value }) => ({ key, value })) ?? [],
  };
}

/** The fields that the form does not show stay as they are stored: the template is replaced as a whole. */
export function templateOf(
  draft: ScheduleDraft,
  stored: ScheduleDetailsFragment | null,
): SessionTemplateInput {
  const template = stored?.sessionTemplate;
  const pairs = (list: readonly VariableDraft[] = []) => list.map(({ key, value }) => ({ key, value }));
  return {
    displayName: draft.sessionDisplayName || null,
    initialPrompt: draft.initialPrompt || null,
    runnerType: draft.runnerType || null,
    llmSettings: {
      model: draft.model || null,
      temperature: template?.llmSettings?.temperature ?? null,
      maxTokens: template?.llmSettings?.maxTokens ?? null,
    },
    timeoutSeconds: numberOf(draft.timeoutSeconds),
    inactivityTimeoutSeconds: numberOf(draft.inactivityTimeoutSeconds),
    stopOnRunFinished: draft.stopOnRunFinished,
    repos: draft.repos.map(({ url, branch, autoPush }) => ({ url, branch: branch || null, autoPush })),
    environmentVariables: pairs(draft.environmentVariables),
    labels: pairs(template?.labels),
    annotations: pairs(template?.annotations),
  };
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

export function viewerTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
