import { isDeepStrictEqual } from 'node:util';
import { type Cause, immutable, invalidValue, required } from '../field-errors.ts';
import { at, type Fields, isFields, type KubeObject, stringAt } from '../objects.ts';
import { labelCauses } from './metadata.ts';

const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';

/** What the API server sets for absent fields of a Job's spec. */
const DEFAULTS = {
  parallelism: 1,
  completions: 1,
  backoffLimit: 6,
  completionMode: 'NonIndexed',
  manualSelector: false,
  suspend: false,
  podReplacementPolicy: 'TerminatingOrFailed',
};

/** Defaults and validates a Job in place, all but the spec of its pods. A new one gets a selector for its own pods. */
export function admitJob(job: KubeObject, previous: KubeObject | undefined): Cause[] {
  const spec: Fields = { ...DEFAULTS, ...(isFields(job.spec) && job.spec) };
  job.spec = spec;
  const template = isFields(spec.template) ? spec.template : {};
  if (!previous && spec.manualSelector !== true) generateSelector(job, spec, template);
  const labels = labelsOf(template);
  if (Object.keys(labels).length > 0 && !job.metadata.labels) job.metadata.labels = { ...labels };
  return [
    ...(previous ? immutableCauses(spec, previous) : generatedCauses(job, spec, labels)),
    ...selectorCauses(spec, labels),
    ...labelCauses('spec.template.labels', labels),
    ...restartPolicyCauses(template),
  ];
}

function labelsOf(template: Fields): Record<string, string> {
  return (at(template, 'metadata', 'labels') ?? {}) as Record<string, string>;
}

function generateSelector({ metadata: { name, uid } }: KubeObject, spec: Fields, template: Fields): void {
  const generated = {
    [CONTROLLER_UID]: uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const metadata = { ...(isFields(template.metadata) && template.metadata) };
  spec.template = Object.assign(template, {
    metadata: { ...metadata, labels: { ...generated, ...labelsOf(template) } },
  });
  const given = isFields(spec.selector) ? spec.selector : {};
  spec.selector = { ...given, matchLabels: { [CONTROLLER_UID]: uid, ...(given.matchLabels as Fields) } };
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector */
function generatedCauses({ metadata }: KubeObject, spec: Fields, labels: Record<string, string>): Cause[] {
  if (spec.manualSelector === true) return [];
  const generated = { [CONTROLLER_UID]: metadata.uid, 'job-name': metadata.name };
  const causes = Object.entries(generated)
    .filter(([label, value]) => labels[label] !== value)
    .map(([label, value]) =>
      invalidValue(`spec.template.metadata.labels[${label}]`, labels, `must be '${value}'`),
    );
  const selected = at(spec, 'selector', 'matchLabels');
  if (isDeepStrictEqual(selected, { [CONTROLLER_UID]: metadata.uid })) return causes;
  return [...causes, invalidValue('spec.selector', spec.selector, '`selector` not auto-generated')];
}

function selectorCauses(spec: Fields, labels: Record<string, string>): Cause[] {
  const selected = Object.entries(at(spec, 'selector', 'matchLabels') ?? {});
  const why = '`selector` does not match template `labels`';
  return [
    ...(spec.selector ? [] : [required('spec.selector')]),
    ...(selected.length > 0 && selected.every(([label, value]) => labels[label] === value)
      ? []
      : [invalidValue('spec.template.metadata.labels', labels, why)]),
  ];
}

function restartPolicyCauses(template: Fields): Cause[] {
  if (['Never', 'OnFailure'].includes(stringAt(template, 'spec', 'restartPolicy') ?? '')) return [];
  return [required('spec.template.spec.restartPolicy', 'valid values: "OnFailure", "Never"')];
}

function immutableCauses(spec: Fields, previous: KubeObject): Cause[] {
  const paths = [['completions'], ['selector'], ['template', 'spec']];
  return paths
    .filter((path) => !isDeepStrictEqual(at(spec, ...path), at(previous, 'spec', ...path)))
    .map((path) => immutable(['spec', ...path].join('.'), at(spec, ...path)));
}
