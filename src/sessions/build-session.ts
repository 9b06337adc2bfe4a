import { createHash } from 'node:crypto';
import type { Writ } from '../authorization/writ.ts';
import { apiVersionOf } from '../kubernetes/resources.ts';
import {
  DESIRED_PHASE,
  INPUT_DIGEST,
  PARENT_SESSION,
  REQUEST_ID,
  REQUESTED_BY,
  START_REQUESTED_AT,
} from '../model/labels-and-annotations.ts';
import { defaultTimeout, type RunTemplate, runnerTypeOf } from '../model/run-template.ts';
import { AGENTIC_SESSIONS, type AgenticSessionManifest, type AgenticSessionSpec } from '../model/session.ts';
import { RUNNER_TYPE_VARIABLE } from './session-fields.ts';

const MAX_GROUPS = 256;
const MAX_GROUP_LENGTH = 1_024;

/** The input of createSession, or what a clone has in its place. */
export interface SessionInput {
  project: string;
  name?: string | null | undefined;
  displayName?: string | null | undefined;
  initialPrompt?: string | null | undefined;
  runnerType?: string | null | undefined;
  llmSettings?: Nullable<NonNullable<AgenticSessionSpec['llmSettings']>> | null | undefined;
  timeoutSeconds?: number | null | undefined;
  inactivityTimeoutSeconds?: number | null | undefined;
  stopOnRunFinished?: boolean | null | undefined;
  repos?: Nullable<{ url: string; branch?: string; autoPush?: boolean }>[] | null | undefined;
  environmentVariables?: { key: string; value: string }[] | null | undefined;
  labels?: { key: string; value: string }[] | null | undefined;
  annotations?: { key: string; value: string }[] | null | undefined;
  parentSession?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
}

type Nullable<T> = { [Key in keyof T]: T[Key] | null | undefined };

export interface BuildOptions {
  /** Fields of the spec that no input has; a clone copies them from its source. */
  extraSpec?: AgenticSessionSpec;
  /** What must be the same in each request with the same idempotency key. The default is the input. */
  request?: object;
}

/**
 * The custom resource for an input that was checked. Its origin (the user and the request) comes from the Writ, and no
 * field of it from the input. It has what the custom resource definition of another tool would fill in with its own defaults.
 */
export function buildSession(
  input: SessionInput,
  { subject, requestId }: Writ,
  template: RunTemplate,
  start: boolean,
  { extraSpec = {}, request = input }: BuildOptions = {},
): AgenticSessionManifest {
  const variables = asMap(input.environmentVariables);
  if (input.runnerType) variables[RUNNER_TYPE_VARIABLE] = input.runnerType;

  return {
    apiVersion: apiVersionOf(AGENTIC_SESSIONS),
    kind: AGENTIC_SESSIONS.kind,
    metadata: {
      namespace: input.project,
      ...(input.name ? { name: input.name } : { generateName: 'session-' }),
      labels: asMap(input.labels),
      annotations: {
        ...asMap(input.annotations),
        [REQUESTED_BY]: subject.username,
        [REQUEST_ID]: requestId,
        ...(input.parentSession && { [PARENT_SESSION]: input.parentSession }),
        ...(input.idempotencyKey && {
          [INPUT_DIGEST]: digest([subject.username, subject.uid, withoutNull(request)]),
        }),
        ...(start && { [DESIRED_PHASE]: 'Running', [START_REQUESTED_AT]: new Date().toISOString() }),
      },
    },
    spec: withoutNull({
      ...extraSpec,
      project: input.project,
      displayName: input.displayName,
      initialPrompt: input.initialPrompt,
      llmSettings: input.llmSettings && {
        model: runnerTypeOf(template, input.runnerType)?.defaultModel,
        ...withoutNull(input.llmSettings),
      },
      timeout: input.timeoutSeconds ?? defaultTimeout(template),
      inactivityTimeout: input.inactivityTimeoutSeconds,
      stopOnRunFinished: input.stopOnRunFinished,
      repos: input.repos?.map(withoutNull),
      environmentVariables: Object.keys(variables).length > 0 ? variables : undefined,
      userContext: {
        userId: subject.username,
        displayName: subject.username,
        groups: recordedGroups(subject.groups),
      },
    }) as AgenticSessionSpec,
  };
}

/**
 * The groups that the resource can have (deploy/crds/agenticsessions.yaml): users can be in thousands, and each session would
 * repeat them. They are only shown. A name is not shortened, because it would be that of another group.
 */
function recordedGroups(groups: string[]): string[] {
  return groups.filter(({ length }) => length <= MAX_GROUP_LENGTH).slice(0, MAX_GROUPS);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function asMap(entries: { key: string; value: string }[] | null | undefined): Record<string, string> {
  return Object.fromEntries((entries ?? []).map(({ key, value }) => [key, value]));
}

function withoutNull<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field != null)) as T;
}
