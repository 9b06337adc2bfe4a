import { Counter, type Registry } from 'prom-client';

/** Access reviews, and what they allowed. */
export function createReviewMetrics(registry: Registry) {
  const reviews = new Counter({
    name: 'writ_access_reviews_total',
    help: 'Access reviews that the cluster was asked for, by purpose and decision.',
    labelNames: ['purpose', 'decision'],
    registers: [registry],
  });
  return (purpose: string, decision: string): void => reviews.inc({ purpose, decision });
}

/** The acts of Writs. */
export function createActMetrics(registry: Registry) {
  const acts = new Counter({
    name: 'writ_privileged_acts_total',
    help: "Writes with the backend's service account after a review, by grant, act and outcome.",
    labelNames: ['grant', 'act', 'outcome'],
    registers: [registry],
  });
  return ({ grant, act, outcome }: { grant: string; act: string; outcome: string }): void =>
    acts.inc({ grant, act, outcome });
}
