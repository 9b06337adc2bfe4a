import { z } from 'zod';

/**
 * What the operator of the cluster decides about runs (config/runners.yaml by default). User input reaches none of
 * it: a session picks a runner type by its id and a model from that type's list.
 */
const quantityMap = z.record(z.string(), z.string());

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
  resources: z.strictObject({ requests: quantityMap.default({}), limits: quantityMap.default({}) }),
});

export const runTemplate = z
  .strictObject({
    /** The Secret of the project whose keys become the runner's environment. Never a name that a user gives. */
    runnerSecretsName: z.string().default('ambient-runner-secrets'),
    /** Upper bound of a session's `timeout`, in seconds. Tokens of runs, which live somewhat longer, end at a week. */
    maxTimeoutSeconds: z.int().positive().max(604_500).default(14_400),
    /** How long the controller leaves a finished Job and what belongs to it, in seconds. */
    ttlSecondsAfterFinished: z.int().nonnegative().default(86_400),
    runAsUser: z.int().positive().default(1001),
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

export type RunTemplate = z.infer<typeof runTemplate>;
export type RunnerType = RunTemplate['runnerTypes'][number];

/** `job`: Writ makes the run, a Job. `operator`: an operator that is on the cluster makes it from the custom resource. */
export type RunnerMode = 'job' | 'operator';

export interface Runners {
  mode: RunnerMode;
  template: RunTemplate;
}

/** The runner type of a session that names this one, or none: the template's default. Undefined: there is no such type. */
export function runnerTypeOf(template: RunTemplate, id: string | null | undefined): RunnerType | undefined {
  return template.runnerTypes.find((type) => type.id === (id ?? template.defaultRunnerType));
}
