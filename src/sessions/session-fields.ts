import { z } from 'zod';
import { BadUserInput } from '../errors.ts';
import { isDnsLabel } from '../kubernetes/path.ts';
import { RESERVED_PREFIX } from '../model/labels-and-annotations.ts';
import { allowsVariable, type RunnerType } from '../model/run-template.ts';
import { GIT_REF_RULE, GIT_URL_RULE, isSafeGitRef, isSafeGitUrl } from './git-url.ts';
import { MAX_VARIABLE_BYTES, variableBytes } from './run/environment-size.ts';

/*
 * The rules for a session's fields. They apply to the input of mutations, and again to the stored session when a run is
 * built from it: a user who may edit sessions can have written that one without Writ.
 */

const noControls = (value: string) => !/[^\P{Cc}\t\r\n]/u.test(value);
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine(noControls, 'must not contain control characters other than tabs and line breaks');

/** A key of a label or annotation (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
const QUALIFIED_NAME =
  /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Variables that a run sets itself, or that change what a process loads. */
const RESERVED_ENVIRONMENT =
  /^(LD_.*|DYLD_.*|KUBERNETES_.*|AMBIENT_.*|WRIT_.*|AGENTIC_SESSION_.*|SESSION_ID|PROJECT_NAME|RUNNER_TYPE|BOT_TOKEN.*|INITIAL_PROMPT|LLM_.*|TIMEOUT|INACTIVITY_TIMEOUT|STOP_ON_RUN_FINISHED|REPOS_JSON|ACTIVE_WORKFLOW_.*|MCP_SERVERS_JSON|USER_ID|USER_NAME|PATH|HOME|ENV|BASH_ENV|SHELLOPTS|IFS|NODE_OPTIONS|PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|PERL5OPT|PERL5LIB|RUBYOPT|JAVA_TOOL_OPTIONS|GIT_.*)$/;

/** The version of an object that a change expects. */
export const resourceVersion = z.string().min(1).max(64);

export const RUNNER_TYPE_VARIABLE = 'RUNNER_TYPE';

export const dnsLabel = z
  .string()
  .refine(
    isDnsLabel,
    'must be a DNS label: at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit',
  );
export const displayName = text(256).refine((value) => !/[\r\n\t]/.test(value), 'must be a single line');
export const idempotencyKey = z.string().min(1).max(256);
/** What a process can have in an environment variable. */
const processText = z.string().refine((value) => !value.includes('\0'), 'must not contain a NUL character');
const MAX_PROMPT_BYTES = MAX_VARIABLE_BYTES - variableBytes('INITIAL_PROMPT', '');
/** It may have what its author has pasted from a terminal: escape sequences are for the model to read. */
export const initialPrompt = processText.refine(
  (value) => Buffer.byteLength(value) <= MAX_PROMPT_BYTES,
  `must have at most ${MAX_PROMPT_BYTES} bytes in UTF-8: an environment variable cannot be longer`,
);
export const llmSettings = z.object({
  model: text(128).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  maxTokens: z.int().min(1).max(1_000_000).nullish(),
});
export const inactivityTimeout = z.int().min(0).max(31_536_000);
export const timeoutUpTo = (max: number) => z.int().min(1).max(max);
export const gitUrl = z.string().max(2_048).refine(isSafeGitUrl, GIT_URL_RULE);
export const gitRef = z.string().max(253).refine(isSafeGitRef, GIT_REF_RULE);
export const repos = z
  .array(
    z.object({
      url: gitUrl,
      branch: gitRef.nullish(),
      autoPush: z.boolean().nullish(),
    }),
  )
  .max(32)
  // The longest that fits into one environment variable, with the defaults of what is absent.
  .refine(
    (list) => Buffer.byteLength(JSON.stringify(list)) <= 128_000,
    'must have at most 128000 bytes of JSON',
  );

/** A path below a directory: it cannot leave it, and no program takes it for an option. */
const relativePath = text(1_024).refine(
  (value) => !/^[-/~]|(^|\/)\.\.(\/|$)|[\\\r\n\t]/.test(value),
  'must be a relative path without ".."',
);
export const activeWorkflow = z.object({
  gitUrl: gitUrl.nullish(),
  branch: gitRef.nullish(),
  path: relativePath.nullish(),
});

/**
 * https to a host, without credentials. Agents replace `${NAME}` and `{env:NAME}` in a URL by a variable's value, so that it
 * could send a secret to that host.
 */
function isPlainHttpsUrl(value: string): boolean {
  if (!/^https:\/\/[^/?#\\]+[!-~]*$/.test(value) || /[$`{}<>"\\^|]/.test(value)) return false;
  const url = URL.parse(value);
  return url !== null && url.username === '' && url.password === '' && url.hash === '';
}

/**
 * A remote MCP server by its URL alone. A command would run in the pod of whoever clones the session, and a header could
 * send that project's secrets to another host.
 */
const remoteMcpServer = z.strictObject(
  {
    type: z.enum(['http', 'sse']).optional(),
    url: z
      .string()
      .max(2_048)
      .refine(isPlainHttpsUrl, 'must be an https URL without credentials or variables'),
  },
  'must be a remote server with an https URL and nothing else',
);
export const mcpServers = z.object({
  custom: z.record(z.string().regex(/^[\w.-]{1,63}$/, 'must be a short name'), remoteMcpServer).optional(),
  disabled: z.array(text(128)).max(64).optional(),
});

export const environmentName = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
    error: 'must consist of letters, digits and "_", and not begin with a digit',
    abort: true,
  })
  .refine((name) => !RESERVED_ENVIRONMENT.test(name), { error: 'is reserved', abort: true });

/** A variable that a session of this type may set. A key of the runner Secret comes from there only. */
export const environmentNameFor = (type: RunnerType) =>
  environmentName
    .refine((name) => !type.requiredSecretKeys.includes(name), { error: 'is reserved', abort: true })
    .refine((name) => allowsVariable(type, name), `is not a variable that ${type.id} allows`);
export const environmentValue = processText.max(32_768);
export const MAX_ENVIRONMENT_VARIABLES = 128;
/** With a prompt and repositories of the maximum size, it is less than what a process can have (MAX_ENVIRONMENT_BYTES). */
const MAX_ENVIRONMENT_VARIABLES_BYTES = 700_000;

/** The variables that an input gives. */
export const environmentVariables = uniqueEntries(
  z.object({ key: environmentName, value: environmentValue }),
  MAX_ENVIRONMENT_VARIABLES,
).refine(
  (entries) =>
    entries.reduce((sum, { key, value }) => sum + variableBytes(key, value), 0) <=
    MAX_ENVIRONMENT_VARIABLES_BYTES,
  `must have at most ${MAX_ENVIRONMENT_VARIABLES_BYTES} bytes in UTF-8 in all`,
);

const metadataKey = z
  .string()
  .max(317)
  .regex(QUALIFIED_NAME, 'must be a Kubernetes qualified name')
  .refine((key) => !RESERVED_PREFIX.test(key), 'has a reserved prefix');
export const labelEntry = z.object({
  key: metadataKey,
  value: z
    .string()
    .regex(
      LABEL_VALUE,
      'must be at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    ),
});
export const annotationEntry = z.object({ key: metadataKey, value: text(16_384) });

/** A list of entries with unique keys. */
export function uniqueEntries<T extends z.ZodType<{ key: string; value: string }>>(entry: T, max: number) {
  return z
    .array(entry)
    .max(max)
    .superRefine((entries, context) => {
      const seen = new Set<string>();
      for (const [index, { key }] of entries.entries()) {
        if (seen.has(key))
          context.addIssue({ code: 'custom', path: [index, 'key'], message: 'is given twice' });
        seen.add(key);
      }
    });
}

/** The checked value. BAD_USER_INPUT with a field error for each violation, whose path begins with `at`. */
export function check<T extends z.ZodType>(schema: T, value: unknown, at: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new BadUserInput(
    result.error.issues.map((issue) => ({
      path: [at, ...issue.path].join('.'),
      // Of a record's key, zod says only that it is invalid.
      message: (issue.code === 'invalid_key' && issue.issues[0]?.message) || issue.message,
    })),
  );
}
