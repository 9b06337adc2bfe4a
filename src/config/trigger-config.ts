import { z } from 'zod';

const name = z.string().min(1);

const variables = z.object({
  WRIT_SCHEDULE_URL: z.url({ protocol: /^https?$/ }),
  WRIT_SCHEDULE_NAMESPACE: name,
  WRIT_SCHEDULE_NAME: name,
  WRIT_SCHEDULE_JOB: name,
  WRIT_SCHEDULE_TOKEN_FILE: name.default('/var/run/secrets/kubernetes.io/serviceaccount/token'),
  /** Less than the activeDeadlineSeconds of the Job, so that the pod can still say why it failed. */
  WRIT_SCHEDULE_DEADLINE_SECONDS: z.coerce.number().int().positive().default(240),
  /** That of Writ's API. */
  WRIT_TOKEN_HEADER: z.enum(['authorization', 'x-forwarded-access-token']).default('authorization'),
});

/** What the pod of a schedule is told, by the CronJob that Writ has created. */
export interface TriggerConfig {
  /** Of Writ's GraphQL endpoint. */
  url: string;
  namespace: string;
  schedule: string;
  job: string;
  tokenFile: string;
  tokenHeader: z.infer<typeof variables>['WRIT_TOKEN_HEADER'];
  deadlineMs: number;
}

/** As readConfig, for `writ trigger`, which has other settings. */
export function readTriggerConfig(
  environment: Record<string, string | undefined> = process.env,
): TriggerConfig {
  const names = Object.keys(variables.shape);
  const values = Object.fromEntries(
    names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const result = variables.safeParse(values);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return name in values
        ? `${name}: invalid value ${JSON.stringify(values[name])}: ${message}`
        : `${name} is not set`;
    });
    throw new Error(problems.join('\n'));
  }
  const { data } = result;
  return {
    url: data.WRIT_SCHEDULE_URL,
    namespace: data.WRIT_SCHEDULE_NAMESPACE,
    schedule: data.WRIT_SCHEDULE_NAME,
    job: data.WRIT_SCHEDULE_JOB,
    tokenFile: data.WRIT_SCHEDULE_TOKEN_FILE,
    tokenHeader: data.WRIT_TOKEN_HEADER,
    deadlineMs: data.WRIT_SCHEDULE_DEADLINE_SECONDS * 1_000,
  };
}
