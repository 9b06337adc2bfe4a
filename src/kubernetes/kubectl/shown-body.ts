import type { SentCall } from '../call-observer.ts';
import { type ResourceType, SECRETS } from '../resources.ts';

/** What of a request's body a command shows. */
export interface ShownBody {
  value: unknown;
  /** What is left out, in fixed texts. */
  notes: string[];
}

/** What takes the place of a value that is not shown. */
const LEFT_OUT = '(left out)';
/** Fields whose values can be credentials, at any depth. */
const CREDENTIAL_FIELDS = new Set([
  'data',
  'stringData',
  'binaryData',
  'env',
  'environmentVariables',
  'mcpServers',
  'password',
  'token',
]);
/** Of a single text, in characters. */
const MAX_TEXT = 1_000;

/**
 * The body of a write, for a developer who made the request: nothing of a Secret, no value that can be a credential, and of
 * what Writ writes with its own identity only types that consist of the caller's own input.
 *
 * @param ofCallers the types that consist of the caller's input
 */
export function shownBody(
  { attributes, identity, body }: Pick<SentCall, 'attributes' | 'identity' | 'body'>,
  ofCallers: readonly ResourceType[],
): ShownBody {
  if (attributes.group === SECRETS.group && attributes.resource === SECRETS.resource) {
    return { value: skeletonOf(body), notes: ["The Secret's data is left out."] };
  }
  const isOfCallers = ofCallers.some(
    ({ group, resource }) => group === attributes.group && resource === attributes.resource,
  );
  if (identity === 'backend' && !isOfCallers) {
    return { value: skeletonOf(body), notes: ['What Writ writes is left out.'] };
  }
  const redaction = new Redaction();
  const value = redaction.of(body);
  return { value, notes: redaction.notes };
}

/** What names an object; a patch that changes nothing for a patch. */
export function skeletonOf(body: unknown): unknown {
  if (Array.isArray(body)) return [];
  const { apiVersion, kind, metadata } = (body ?? {}) as {
    apiVersion?: unknown;
    kind?: unknown;
    metadata?: { name?: unknown; generateName?: unknown; namespace?: unknown };
  };
  if (!kind) return {};
  const { name, generateName, namespace } = metadata ?? {};
  return { apiVersion, kind, metadata: { name, generateName, namespace } };
}

class Redaction {
  #hasCredentials = false;
  #hasLongTexts = false;

  get notes(): string[] {
    return [
      ...(this.#hasCredentials ? ['Values that can be credentials are left out.'] : []),
      ...(this.#hasLongTexts ? [`Texts of more than ${MAX_TEXT} characters are cut.`] : []),
    ];
  }

  of(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((item) => this.of(item));
    if (typeof value !== 'object' || value === null) return value;
    const { op, path } = value as { op?: unknown; path?: unknown };
    if (typeof op === 'string' && typeof path === 'string') return this.#operation({ ...value, op, path });
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#field(key, inner)]));
  }

  #field(key: string, value: unknown): unknown {
    if (CREDENTIAL_FIELDS.has(key)) return this.#leftOut(value);
    return key === 'annotations' ? this.#annotations(value) : this.of(value);
  }

  /** An operation of a JSON patch (RFC 6902), whose path names the field. */
  #operation({ op, path, ...rest }: { op: string; path: string; value?: unknown }): unknown {
    if (!('value' in rest)) return { op, path, ...rest };
    const fields = path.split('/');
    const last = fields.at(-1) ?? '';
    if (fields.some((field) => CREDENTIAL_FIELDS.has(field))) {
      return { op, path, value: this.#leftOut(rest.value) };
    }
    const isAnnotation = fields.at(-2) === 'annotations';
    const value = isAnnotation ? this.#annotation(rest.value) : this.#field(last, rest.value);
    return { op, path, value };
  }

  #annotations(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return this.of(value);
    return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, this.#annotation(text)]));
  }

  /** Whole objects are stored as JSON in annotations. */
  #annotation(value: unknown): unknown {
    return typeof value === 'string' && /^\s*[[{]/.test(value) ? this.#leftOut(value) : this.of(value);
  }

  /** The keys of a map are shown. */
  #leftOut(value: unknown): unknown {
    if (value === null || value === undefined) return value;
    this.#hasCredentials = true;
    if (typeof value !== 'object' || Array.isArray(value)) return LEFT_OUT;
    return Object.fromEntries(Object.keys(value).map((key) => [key, LEFT_OUT]));
  }

  #text(value: string): string {
    if (value.length <= MAX_TEXT) return value;
    this.#hasLongTexts = true;
    return `${value.slice(0, MAX_TEXT)}…`;
  }
}
