import type { CreateSessionInput, SessionRepoInput } from '../generated/graphql.ts';

interface Pair {
  key: string;
  value: string;
}

/** What was typed. Empty texts are as absent. */
export interface SessionDraft {
  initialPrompt: string;
  displayName: string;
  name: string;
  runnerType: string | undefined;
  model: string | undefined;
  temperature: string;
  maxTokens: string;
  repos: { url: string; branch: string; autoPush: boolean }[];
  environmentVariables: Pair[];
  labels: Pair[];
  timeoutSeconds: string;
  inactivityTimeoutSeconds: string;
  parentSession: string;
  stopOnRunFinished: boolean;
  start: boolean;
}

export const EMPTY_DRAFT: SessionDraft = {
  initialPrompt: '',
  displayName: '',
  name: '',
  runnerType: undefined,
  model: undefined,
  temperature: '',
  maxTokens: '',
  repos: [],
  environmentVariables: [],
  labels: [],
  timeoutSeconds: '',
  inactivityTimeoutSeconds: '',
  parentSession: '',
  stopOnRunFinished: false,
  start: true,
};

/** In characters. */
const MAX_TITLE = 60;

export interface FormProps {
  draft: SessionDraft;
  onChange(change: Partial<SessionDraft>): void;
  /** What the server says of a field, by its path in the input, such as `repos.0.url`. */
  errorOf(path: string): string | undefined;
}

export function inputOf(project: string, draft: SessionDraft, idempotencyKey: string): CreateSessionInput {
  const { runnerType, model, start } = draft;
  const temperature = numberOf(draft.temperature);
  const maxTokens = numberOf(draft.maxTokens);
  const hasLlmSettings = model !== undefined || temperature !== null || maxTokens !== null;
  return {
    project,
    idempotencyKey,
    initialPrompt: draft.initialPrompt.trim() || null,
    displayName: displayNameOf(draft),
    name: draft.name.trim() || null,
    runnerType: runnerType ?? null,
    llmSettings: hasLlmSettings ? { model: model ?? null, temperature, maxTokens } : null,
    repos: draft.repos.map(
      ({ url, branch, autoPush }): SessionRepoInput => ({
        url: url.trim(),
        branch: branch.trim() || null,
        autoPush,
      }),
    ),
    environmentVariables: draft.environmentVariables.map(pairOf),
    labels: draft.labels.map(pairOf),
    timeoutSeconds: numberOf(draft.timeoutSeconds),
    inactivityTimeoutSeconds: numberOf(draft.inactivityTimeoutSeconds),
    parentSession: draft.parentSession.trim() || null,
    stopOnRunFinished: draft.stopOnRunFinished,
    start,
  };
}

/** Without one, the beginning of the prompt: a generated name says nothing. */
function displayNameOf({ displayName, name, initialPrompt }: SessionDraft): string | null {
  if (displayName.trim() !== '') return displayName.trim();
  const [line = ''] = initialPrompt.trim().split('\n');
  const words = line.trim().replaceAll(/\s+/g, ' ');
  if (name.trim() !== '' || words === '') return null;
  return words.length <= MAX_TITLE ? words : `${words.slice(0, MAX_TITLE).replace(/ \S*$/, '')}…`;
}

function pairOf({ key, value }: Pair) {
  return { key: key.trim(), value };
}

/** The fields accept digits alone. */
function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
