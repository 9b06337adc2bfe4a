import {
  DEFAULT_TIMEOUT_SECONDS,
  defaultTimeout,
  type RunTemplate,
  runnerTypeOf,
} from '../model/run-template.ts';
import type { AgenticSession, AgenticSessionSpec } from '../model/session.ts';
import { RUNNER_TYPE_VARIABLE } from './session-fields.ts';

/**
 * A stored session without the values that nobody has chosen: those that the custom resource definition of the cluster, which
 * can be another tool's, fills in where a field is absent. They must not make it invalid. The rest is unchecked.
 */
export function withoutFilledIn(session: AgenticSession, template: RunTemplate): AgenticSession {
  const { spec } = session;
  if (typeof spec !== 'object' || spec === null) return session;
  const { model, ...settings } = spec.llmSettings ?? {};
  return {
    ...session,
    spec: {
      ...spec,
      ...(spec.timeout === DEFAULT_TIMEOUT_SECONDS && { timeout: defaultTimeout(template) }),
      ...(isFilledIn(model, spec, template) && { llmSettings: settings }),
    },
  };
}

function isFilledIn(model: unknown, spec: AgenticSessionSpec, template: RunTemplate): boolean {
  const type = runnerTypeOf(template, spec.environmentVariables?.[RUNNER_TYPE_VARIABLE]);
  const isOffered = type?.models.some((offered) => offered === model);
  return !isOffered && ['', ...template.filledInModels].some((filledIn) => filledIn === model);
}
