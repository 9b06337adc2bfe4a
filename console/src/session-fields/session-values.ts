import type { ComparedField } from '../components/conflict-notice.tsx';
import { numberOf } from '../components/number-field.tsx';
import type { ScheduleDetailsFragment, SessionTemplateInput } from '../generated/graphql.ts';
import { sessionFields as text } from '../text/session-fields.ts';

export interface Repo {
  url: string;
  branch: string;
  autoPush: boolean;
}

interface Pair {
  key: string;
  value: string;
}

/** What sessions are, and those of a schedule have in common, as forms have it. Empty texts are as absent. */
export interface SessionValues {
  displayName: string;
  initialPrompt: string;
  runnerType: string;
  model: string;
  temperature: string;
  maxTokens: string;
  timeoutSeconds: string;
  inactivityTimeoutSeconds: string;
  stopOnRunFinished: boolean;
  repos: Repo[];
  environmentVariables: Pair[];
  labels: Pair[];
}

export interface SessionFieldsProps {
  project: string;
  values: SessionValues;
  update(changes: Partial<SessionValues>): void;
  /** What the server says of a field, by its path in the session, such as `repos.0.url`. */
  at(path: string): string | undefined;
}

export const EMPTY_SESSION: SessionValues = {
  displayName: '',
  initialPrompt: '',
  runnerType: '',
  model: '',
  temperature: '',
  maxTokens: '',
  timeoutSeconds: '',
  inactivityTimeoutSeconds: '',
  stopOnRunFinished: false,
  repos: [],
  environmentVariables: [],
  labels: [],
};

/** As a session has it, and the template of a schedule. */
export type StoredTemplate = Omit<
  NonNullable<ScheduleDetailsFragment['sessionTemplate']>,
  '__typename' | 'annotations'
>;

export function valuesOfTemplate(stored: StoredTemplate): SessionValues {
  const { llmSettings, timeoutSeconds, inactivityTimeoutSeconds } = stored;
  return {
    displayName: stored.displayName ?? '',
    initialPrompt: stored.initialPrompt ?? '',
    runnerType: stored.runnerType ?? '',
    model: llmSettings?.model ?? '',
    temperature: llmSettings?.temperature?.toString() ?? '',
    maxTokens: llmSettings?.maxTokens?.toString() ?? '',
    timeoutSeconds: timeoutSeconds?.toString() ?? '',
    inactivityTimeoutSeconds: inactivityTimeoutSeconds?.toString() ?? '',
    stopOnRunFinished: stored.stopOnRunFinished ?? false,
    repos: stored.repos.map(({ url, branch, autoPush }) => ({ url, branch: branch ?? '', autoPush })),
    environmentVariables: stored.environmentVariables.map(pairOf),
    labels: stored.labels.map(pairOf),
  };
}

export function templateOf(values: SessionValues): SessionTemplateInput {
  const model = values.model || null;
  const temperature = numberOf(values.temperature);
  const maxTokens = numberOf(values.maxTokens);
  const hasLlmSettings = model !== null || temperature !== null || maxTokens !== null;
  return {
    displayName: values.displayName.trim() || null,
    initialPrompt: values.initialPrompt.trim() || null,
    runnerType: values.runnerType || null,
    llmSettings: hasLlmSettings ? { model, temperature, maxTokens } : null,
    timeoutSeconds: numberOf(values.timeoutSeconds),
    inactivityTimeoutSeconds: numberOf(values.inactivityTimeoutSeconds),
    stopOnRunFinished: values.stopOnRunFinished,
    repos: values.repos.map(({ url, branch, autoPush }) => ({
      url: url.trim(),
      branch: branch.trim() || null,
      autoPush,
    })),
    environmentVariables: values.environmentVariables.map(pairOf),
    labels: values.labels.map(pairOf),
  };
}

/** Of pairs the names alone are shown: others may look over the shoulder of who reads this. */
export function comparedSessionFields(values: SessionValues): ComparedField[] {
  const { repos, environmentVariables, labels, stopOnRunFinished } = values;
  const namesOf = (pairs: readonly Pair[]) => pairs.map(({ key }) => key).join(', ');
  return [
    { label: text.displayName, value: values.displayName },
    { label: text.prompt, value: values.initialPrompt },
    { label: text.runner, value: values.runnerType },
    { label: text.model, value: values.model },
    { label: text.repos, value: repos, text: repos.map(({ url }) => url).join(', ') },
    { label: text.variables.label, value: environmentVariables, text: namesOf(environmentVariables) },
    { label: text.timeout, value: values.timeoutSeconds },
    { label: text.inactivityTimeout, value: values.inactivityTimeoutSeconds },
    { label: text.temperature, value: values.temperature },
    { label: text.maxTokens, value: values.maxTokens },
    { label: text.labels.label, value: labels, text: namesOf(labels) },
    { label: text.stopOnRunFinished, value: stopOnRunFinished, text: text.yesOrNo(stopOnRunFinished) },
  ];
}

function pairOf({ key, value }: Pair): Pair {
  return { key: key.trim(), value };
}
