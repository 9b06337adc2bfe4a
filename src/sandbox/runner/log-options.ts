import { type Cause, invalidValue } from '../field-errors.ts';
import { badRequest, invalid } from '../status.ts';

export interface LogOptions {
  follow: boolean;
  /** Whether the log is that of the container before its last restart. */
  previous: boolean;
  /** Whether each line begins with its time. */
  timestamps: boolean;
  tailLines: number;
  /** In ms since 1970. */
  since: number;
  limitBytes: number;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The PodLogOptions of a request, validated as the API server does: 400 for what cannot be parsed, else 422. */
export function readLogOptions(query: URLSearchParams, pod: string): LogOptions {
  const tailLines = readInteger(query, 'tailLines');
  const limitBytes = readInteger(query, 'limitBytes');
  const sinceSeconds = readInteger(query, 'sinceSeconds');
  const sinceTime = readTime(query, 'sinceTime');
  const causes: Cause[] = [];
  if (tailLines !== undefined && tailLines < 0) {
    causes.push(invalidValue('tailLines', tailLines, 'must be greater than or equal to 0'));
  }
  if (limitBytes !== undefined && limitBytes < 1) {
    causes.push(invalidValue('limitBytes', limitBytes, 'must be greater than 0'));
  }
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
    causes.push({ field: '', reason: 'FieldValueForbidden', message });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    causes.push(invalidValue('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  }
  if (causes.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, pod, causes);
  return {
    follow: readBoolean(query, 'follow'),
    previous: readBoolean(query, 'previous'),
    timestamps: readBoolean(query, 'timestamps'),
    tailLines: tailLines ?? Number.POSITIVE_INFINITY,
    since: sinceTime ?? (sinceSeconds === undefined ? 0 : Date.now() - sinceSeconds * 1_000),
    limitBytes: limitBytes ?? Number.POSITIVE_INFINITY,
  };
}

/** Any value but `0` and `false` is true. */
function readBoolean(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && text !== '0' && text.toLowerCase() !== 'false';
}

function readInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`invalid ${name}: ${JSON.stringify(text)}`);
  return Number(text);
}

/** The API server passes it to the kubelet in whole seconds. */
function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!RFC_3339.test(text)) throw badRequest(`invalid ${name}: ${JSON.stringify(text)}`);
  return Math.floor(Date.parse(text) / 1_000) * 1_000;
}
