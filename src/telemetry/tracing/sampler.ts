import { type Context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { TracingSettings } from './tracing.ts';

const FOLLOWS_SAMPLED = createContextKey('follows a sampled trace');

/** For the root of a trace that follows a sampled one: it is sampled too, as if it were a part of it. */
export const AFTER_SAMPLED: Context = ROOT_CONTEXT.setValue(FOLLOWS_SAMPLED, true);

export function createSampler({ sampler, ratio }: Pick<TracingSettings, 'sampler' | 'ratio'>): Sampler {
  const [, isParentBased, decision] = /^(parentbased_)?(.+)$/.exec(sampler) ?? [];
  const root = byDecision(decision, ratio);
  const configured = isParentBased ? new ParentBasedSampler({ root }) : root;
  return {
    shouldSample(context, ...rest) {
      if (context.getValue(FOLLOWS_SAMPLED) === true)
        return { decision: SamplingDecision.RECORD_AND_SAMPLED };
      return configured.shouldSample(context, ...rest);
    },
    toString: () => configured.toString(),
  };
}

function byDecision(decision: string | undefined, ratio: number): Sampler {
  if (decision === 'traceidratio') return new TraceIdRatioBasedSampler(ratio);
  return decision === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler();
}
