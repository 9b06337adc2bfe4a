import { z } from 'zod';
import { isDnsSubdomain } from '../kubernetes/path.ts';

const EPHEMERAL_STORAGE = 'ephemeral-storage';
const quantityMap = z.record(z.string(), z.string());
const secretName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be the name of a Secret');
/** A run's own Secret, with its token, is named `session-…`. */
const runnerSecretName = secretName.refine(
  (name) => !name.startsWith('session-'),
  'must not begin with "session-"',
);
const sizeLimit = z.string().regex(/^[1-9]\d*([kMGT]|[KMGT]i)?$/, 'must be a size such as 10Gi');

/** Of the container. What it stores on the node is always limited: its logs and volumes, all together. */
const resources = z
  .strictObject({ requests: quantityMap.default({}), limits: quantityMap.default({}) })
  .refine(({ requests, limits }) => !requests[EPHEMERAL_STORAGE] || limits[EPHEMERAL_STORAGE], {
    path: ['limits', EPHEMERAL_STORAGE],
    error: 'is required with a request for ephemeral-storage',
  })
  .transform(({ requests, limits }) => {
    if (limits[EPHEMERAL_STORAGE]) return { requests, limits };
    // Without a request, Kubernetes would reserve the whole limit on the node.
    return {
      requests: { ...requests, [EPHEMERAL_STORAGE]: '1Gi' },
      limits: { ...limits, [EPHEMERAL_STORAGE]: '12Gi' },
    };
  });

const runnerType = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    .max(63),
  displayName: z.string().min(1),
  provider: z.string().min(1),
  image: z.string().min(1),
  command: z.array(z.string()).optional(),
  models: z.array(z.string().min(1)).min(1),
  defaultModel: z.string().min(1),
  /** Keys that the project's runner Secret must have for this type. */
  requiredSecretKeys: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  /**
   * The environment variables that a session may set: names, and prefixes that end with `*`. Names that Writ reserves stay
   * forbidden.
   */
  allowedEnvironment: z
    .array(
      z
        .string()
        .regex(/^([A-Za-z_][A-Za-z0-9_]*)?\*?$/, 'must be a name, or a prefix that ends with "*"')
        .min(1),
    )
    .default(['*']),
  resources,
});

/**
 * What the operator of the cluster decides about runs (config/runners.yaml by default). User input cannot change it: a
 * session only selects a runner type by its id, and one of that type's models.
 */
export const runTemplate = z
  .strictObject({
    /** The project's Secret whose keys become the runner's environment. Users can choose only one that is allowed here. */
    runnerSecretsName: runnerSecretName.default('ambient-runner-secrets'),
    /** Other Secrets that the settings of a project can name in its place. */
    allowedRunnerSecretsNames: z.array(runnerSecretName).default([]),
    /** The maximum `timeout` of a session, in seconds. A run's token lives 300 s longer, and at most a week. */
    maxTimeoutSeconds: z.int().positive().max(604_500).default(14_400),
    /** How long the controller keeps a finished Job and its run's other objects, in seconds. */
    ttlSecondsAfterFinished: z.int().nonnegative().default(86_400),
    /** The user and the group of runs. Null: the cluster chooses them, as OpenShift does from the namespace's range. */
    runAsUser: z.int().positive().nullable().default(1001),
    /** Secrets of the project with which the kubelet pulls the image. Users cannot choose them. */
    imagePullSecrets: z.array(secretName).default([]),
    /** How much a run may store in /workspace and in /tmp. Kubernetes evicts the pod of a run that exceeds it. */
    workspaceSizeLimit: sizeLimit.default('10Gi'),
    tmpSizeLimit: sizeLimit.default('1Gi'),
    /**
     * Models that a definition of the custom resource other than Writ's fills in where a session names none. In a stored
     * session they mean the default model, unless its runner type has them.
     */
    filledInModels: z.array(z.string()).default(['claude-3-7-sonnet-latest']),
    defaultRunnerType: z.string(),
    runnerTypes: z.array(runnerType).min(1),
  })
  .superRefine((template, context) => {
    const ids = template.runnerTypes.map((type) => type.id);
    if (new Set(ids).size < ids.length) {
      context.addIssue({ code: 'custom', path: ['runnerTypes'], message: 'ids must be unique' });
    }
    if (!ids.includes(template.defaultRunnerType)) {
      context.addIssue({
        code: 'custom',
        path: ['defaultRunnerType'],
        message: `must be one of ${ids.join(', ')}`,
      });
    }
    for (const [index, type] of template.runnerTypes.entries()) {
      if (!type.models.includes(type.defaultModel)) {
        const path = ['runnerTypes', index, 'defaultModel'];
        context.addIssue({ code: 'custom', path, message: `must be one of ${type.models.join(', ')}` });
      }
    }
  });

/** Also of the custom resource definition, which fills it in whatever the administrator's maximum is. */
export const DEFAULT_TIMEOUT_SECONDS = 300;

export type RunTemplate = z.infer<typeof runTemplate>;
export type RunnerType = RunTemplate['runnerTypes'][number];

/** `job`: Writ creates the runs. `operator`: an operator in the cluster creates them from the custom resources. */
type RunnerMode = 'job' | 'operator';

export interface Runners {
  readonly mode: RunnerMode;
  /** A new object after each change of the file. */
  readonly template: RunTemplate;
  /** Calls the listener after each change of the template, until the returned function is called. */
  onChange?(listener: () => void): () => void;
}

/** The runner type with this id, or without an id the default one. Undefined if no such type exists. */
export function runnerTypeOf(template: RunTemplate, id: string | null | undefined): RunnerType | undefined {
  return template.runnerTypes.find((type) => type.id === (id ?? template.defaultRunnerType));
}

/** The default `timeout` of a session in seconds. */
export function defaultTimeout({ maxTimeoutSeconds }: RunTemplate): number {
  return Math.min(DEFAULT_TIMEOUT_SECONDS, maxTimeoutSeconds);
}

/** Whether the administrator lets sessions of this type set the environment variable. Writ's own rules apply besides. */
export function allowsVariable({ allowedEnvironment }: RunnerType, name: string): boolean {
  return allowedEnvironment.some((allowed) =>
    allowed.endsWith('*') ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
  );
}

/** The names of the Secrets that the administrator lets a project's settings choose from, the default first. */
export function allowedRunnerSecrets(template: RunTemplate): string[] {
  return [...new Set([template.runnerSecretsName, ...template.allowedRunnerSecretsNames])];
}

/**
 * The name of the Secret that runs of a project mount.
 *
 * @param stored the name in the project's settings, unchecked: anyone who may change them can have written it without Writ
 */
export function runnerSecretsNameOf({ mode, template }: Runners, stored: unknown): string {
  if (typeof stored !== 'string' || !isDnsSubdomain(stored)) return template.runnerSecretsName;
  // Another operator's runs mount what the settings name.
  if (mode === 'operator' || allowedRunnerSecrets(template).includes(stored)) return stored;
  return template.runnerSecretsName;
}

/** The template for the runs of a project: they mount the Secret that its settings choose. */
export function projectTemplate(runners: Runners, storedName: unknown): RunTemplate {
  return { ...runners.template, runnerSecretsName: runnerSecretsNameOf(runners, storedName) };
}
