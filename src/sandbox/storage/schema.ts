import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Cause, invalidValue, required, tooLong, unsupported } from '../field-errors.ts';
import { at, type Fields, isFields, type KubeObject, listAt, pointerSteps } from '../objects.ts';

const dateTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * A structural schema as JSON Schema. An object without `additionalProperties` is closed, so that the validator reports
 * the fields that Kubernetes prunes.
 */
function closed(schema: Fields, root = false): Fields {
  const { properties, items, additionalProperties, ...rest } = schema;
  const copy: Fields = { ...rest };
  if (isFields(properties)) {
    const entries = Object.entries(properties).filter(([name]) => !(root && name === 'metadata'));
    copy.properties = Object.fromEntries(entries.map(([name, s]) => [name, isFields(s) ? closed(s) : s]));
    if (root) copy.properties = { ...(copy.properties as Fields), metadata: {} };
  }
  if (isFields(items)) copy.items = closed(items);
  if (isFields(additionalProperties)) copy.additionalProperties = closed(additionalProperties);
  else if (schema.type === 'object' && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
    copy.additionalProperties = additionalProperties ?? false;
  }
  return copy;
}

/** Removes null fields, as Kubernetes does for specified fields that are not nullable. */
function dropNulls(value: unknown, schema: unknown): void {
  if (Array.isArray(value)) for (const item of value) dropNulls(item, at(schema, 'items'));
  if (!isFields(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    const known = at(schema, 'properties', field) ?? at(schema, 'additionalProperties');
    if (inner === null && isFields(known) && known.nullable !== true) delete value[field];
    else dropNulls(inner, known);
  }
}

/** `spec.repos[0].url` for Ajv's `/spec/repos/0/url`. */
function fieldPath(pointer: string): string {
  return pointerSteps(pointer).reduce(
    (path, n) => (/^\d+$/.test(n) ? `${path}[${n}]` : path ? `${path}.${n}` : n),
    '',
  );
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** In the words of the API server. */
function causeOf({ instancePath, keyword, params, message, data }: ErrorObject): Cause {
  const field = fieldPath(instancePath);
  switch (keyword) {
    case 'required':
      return required(`${field ? `${field}.` : ''}${params.missingProperty}`);
    case 'enum':
      return unsupported(field, data, params.allowedValues);
    case 'type': {
      const cause = invalidValue(
        field,
        typeOf(data),
        `${field} in body must be of type ${params.type}: "${typeOf(data)}"`,
      );
      return { ...cause, reason: 'FieldValueTypeInvalid' };
    }
    case 'maxLength':
      return tooLong(field, params.limit);
    case 'maxItems': {
      const text = `Too many: ${(data as unknown[]).length}: must have at most ${params.limit} items`;
      return { field, reason: 'FieldValueTooMany', message: text };
    }
    case 'minimum':
      return invalidValue(field, data, `${field} in body should be greater than or equal to ${params.limit}`);
    case 'maximum':
      return invalidValue(field, data, `${field} in body should be less than or equal to ${params.limit}`);
    default:
      return invalidValue(field, data, `${field} in body ${message}`);
  }
}

/** Defaulting, pruning and validation by the schema of a CustomResourceDefinition. */
export class CustomSchema {
  readonly openapi: Fields;
  readonly #validate: ValidateFunction;
  readonly #singleton: { name: string; message: string } | undefined;

  constructor(openapi: Fields) {
    this.openapi = openapi;
    const ajv = new Ajv({
      strict: false,
      meta: false,
      validateSchema: false,
      allErrors: true,
      verbose: true,
      useDefaults: true,
      formats: { 'date-time': dateTime, int32: true, int64: true, double: true },
    });
    this.#validate = ajv.compile(closed(openapi, true));
    this.#singleton = singletonRule(openapi);
  }

  /** Defaults and prunes the object in place; returns the pruned fields and what is invalid in the rest. */
  admit(object: KubeObject): { pruned: string[]; causes: Cause[] } {
    dropNulls(object, this.openapi);
    const errors = this.#validate(object) ? [] : (this.#validate.errors ?? []);
    const unknown = errors.filter((error) => error.keyword === 'additionalProperties');
    const causes = errors.filter((error) => error.keyword !== 'additionalProperties').map(causeOf);
    if (this.#singleton && object.metadata.name !== this.#singleton.name) {
      const message = `Invalid value: ${this.#singleton.message}`;
      causes.push({ field: '<nil>', reason: 'FieldValueInvalid', message });
    }
    // With `verbose`, an error's data is the object with the unknown field.
    for (const { data, params } of unknown) delete (data as Fields)[params.additionalProperty];
    return {
      pruned: unknown.map((e) => fieldPath(`${e.instancePath}/${e.params.additionalProperty}`)),
      causes,
    };
  }
}

/** The only CEL rule that the sandbox evaluates: a fixed name. */
function singletonRule(openapi: Fields): { name: string; message: string } | undefined {
  for (const rule of listAt(openapi, 'x-kubernetes-validations')) {
    const name = /^self\.metadata\.name == '([^']+)'$/.exec(String(rule.rule))?.[1];
    if (name) return { name, message: String(at(rule, 'message') ?? `failed rule: ${rule.rule}`) };
  }
  return undefined;
}
