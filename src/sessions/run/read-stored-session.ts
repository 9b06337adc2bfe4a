import { z } from 'zod';
import { START_REQUESTED_AT } from '../../model/labels-and-annotations.ts';
import { defaultTimeout, type RunnerType, type RunTemplate, runnerTypeOf } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import { withoutFilledIn } from '../filled-in-fields.ts';
import {
  check,
  dnsLabel,
  environmentNameFor,
  environmentValue,
  inactivityTimeout,
  initialPrompt,
  llmSettings,
  MAX_ENVIRONMENT_VARIABLES,
  RUNNER_TYPE_VARIABLE,
  repos,
  timeoutUpTo,
} from '../session-fields.ts';

const variablesOf = (type: RunnerType) =>
  z
    .record(environmentNameFor(type), environmentValue)
    .refine(
      (map) => Object.keys(map).length <= MAX_ENVIRONMENT_VARIABLES,
      `must have at most ${MAX_ENVIRONMENT_VARIABLES} entries`,
    );

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
        initialPrompt: initialPrompt.nullish(),
        llmSettings: llmSettings.nullish(),
        timeout: timeoutUpTo(template.maxTimeoutSeconds).nullish(),
        inactivityTimeout: inactivityTimeout.nullish(),
        stopOnRunFinished: z.boolean().nullish(),
        repos: repos.nullish(),
        environmentVariables: z.record(z.string(), z.string()).nullish(),
      })
      .prefault({}),
  });
}

/** The fields of a stored session that a run is built from. All have passed the rules. */
export interface RunnableSession {
  name: string;
  namespace: string;
  uid: string;
  /** Identifies the start that the run serves. */
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

/** Checks a stored session as untrusted input. BAD_USER_INPUT with the paths of invalid fields: `session.spec.…`. */
export function readStoredSession(session: AgenticSession, template: RunTemplate): RunnableSession {
  const { metadata, spec } = check(storedSession(template), withoutFilledIn(session, template), 'session');
  const { [RUNNER_TYPE_VARIABLE]: runnerTypeId, ...environment } = spec.environmentVariables ?? {};
  const runnerType = runnerTypeOf(template, runnerTypeId);
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
    timeoutSeconds: spec.timeout ?? defaultTimeout(template),
    inactivityTimeoutSeconds: spec.inactivityTimeout ?? undefined,
    stopOnRunFinished: spec.stopOnRunFinished ?? false,
    repos: (spec.repos ?? []).map(({ url, branch, autoPush }) => ({
      url,
      branch: branch ?? 'main',
      autoPush: autoPush ?? false,
    })),
    environment: check(variablesOf(known.runnerType), environment, 'session.spec.environmentVariables'),
  };
}
