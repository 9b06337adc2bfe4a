import { z } from 'zod';
import { START_REQUESTED_AT } from '../../model/labels-and-annotations.ts';
import { type RunnerType, type RunTemplate, runnerTypeOf } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import {
  check,
  dnsLabel,
  environmentName,
  environmentValue,
  inactivityTimeout,
  initialPrompt,
  llmSettings,
  MAX_ENVIRONMENT_VARIABLES,
  RUNNER_TYPE_VARIABLE,
  repos,
  timeoutUpTo,
} from '../session-fields.ts';

const DEFAULT_TIMEOUT_SECONDS = 300;

const variables = z.record(environmentName, environmentValue).refine((map) => {
  return Object.keys(map).length <= MAX_ENVIRONMENT_VARIABLES;
}, `must have at most ${MAX_ENVIRONMENT_VARIABLES} entries`);

function storedSession(template: RunTemplate) {
  return z.object({
    metadata: z.object({
      name: dnsLabel,
      namespace: dnsLabel,
      uid: z.uuid(),
      annotations: z.object({ [START_REQUESTED_AT]: z.string().max(64).optional() }).optional(),
    }),
    spec: z
      .object({
        initialPrompt: initialPrompt.optional(),
        llmSettings: llmSettings.optional(),
        timeout: timeoutUpTo(template.maxTimeoutSeconds).default(DEFAULT_TIMEOUT_SECONDS),
        inactivityTimeout: inactivityTimeout.optional(),
        stopOnRunFinished: z.boolean().optional(),
        repos: repos.default([]),
        environmentVariables: z.record(z.string(), z.string()).default({}),
      })
      .prefault({}),
  });
}

/** What a run is built from: the stored session's fields that passed the rules, and nothing else of it. */
export interface RunnableSession {
  name: string;
  namespace: string;
  uid: string;
  /** As the session says it: which start the run answers to. */
  startRequestedAt: string | undefined;
  runnerType: RunnerType;
  model: string;
  temperature: number | undefined;
  maxTokens: number | undefined;
  initialPrompt: string;
  timeoutSeconds: number;
  inactivityTimeoutSeconds: number | undefined;
  stopOnRunFinished: boolean;
  repos: { url: string; branch: string; autoPush: boolean }[];
  environment: Record<string, string>;
}

/** Reads a stored session as hostile input. BAD_USER_INPUT names what a run can't be made from, as `spec.…`. */
export function readStoredSession(session: AgenticSession, template: RunTemplate): RunnableSession {
  const { metadata, spec } = check(storedSession(template), session, 'session');
  const { [RUNNER_TYPE_VARIABLE]: runner, ...given } = spec.environmentVariables;
  const runnerType = runnerTypeOf(template, runner);
  const known = check(
    z.object({ runnerType: z.custom<RunnerType>(Boolean, 'is not a runner type of this cluster') }),
    { runnerType },
    'session.spec',
  );
  const model = spec.llmSettings?.model ?? known.runnerType.defaultModel;
  check(z.enum(known.runnerType.models as [string, ...string[]]), model, 'session.spec.llmSettings.model');

  const { annotations, ...identity } = metadata;

  return {
    ...identity,
    startRequestedAt: annotations?.[START_REQUESTED_AT],
    runnerType: known.runnerType,
    model,
    temperature: spec.llmSettings?.temperature ?? undefined,
    maxTokens: spec.llmSettings?.maxTokens ?? undefined,
    initialPrompt: spec.initialPrompt ?? '',
    timeoutSeconds: spec.timeout,
    inactivityTimeoutSeconds: spec.inactivityTimeout,
    stopOnRunFinished: spec.stopOnRunFinished ?? false,
    repos: spec.repos.map(({ url, branch, autoPush }) => ({
      url,
      branch: branch ?? 'main',
      autoPush: autoPush ?? false,
    })),
    environment: withoutSecretKeys(
      check(variables, given, 'session.spec.environmentVariables'),
      known.runnerType,
    ),
  };
}

/** The runner's secret keys come from the project's Secret alone. */
function withoutSecretKeys(
  environment: Record<string, string>,
  runnerType: RunnerType,
): Record<string, string> {
  const free = environmentName.refine((name) => !runnerType.requiredSecretKeys.includes(name), 'is reserved');
  return check(z.record(free, z.string()), environment, 'session.spec.environmentVariables');
}
