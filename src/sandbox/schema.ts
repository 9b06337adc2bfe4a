import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { at, type Fields, isFields, type KubeObject, listAt } from './objects.ts';
import type { Cause } from './status.ts';

const dateTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * A structural schema as JSON Schema: an object without `additionalProperties` is closed, so that the validator
 * finds what Kubernetes prunes.
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

/** Fields that the schema knows are never null, unless it says so: they are as if they were not there. */
function dropNulls(value: unknown, schema: unknown): void {
  if (Array.isArray(value)) for (const item of value) dropNulls(item, at(schema, 'items'));
  if (!isFields(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    const known = at(schema, 'properties', field) ?? at(schema, 'additionalProperties');
    if (inner === null && isFields(known) && known.nullable !== true) delete value[field];
    else dropNulls(inner, known);
  }
}

/** `spec.repos[0].url` for ajv's `/spec/repos/0/url`. */
function fieldPath(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const names = steps.map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce((path, n) => (/^\d+$/.test(n) ? `${path}[${n}]` : path ? `${path}.${n}` : n), '');
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** Worded as the API server words it. */
function causeOf({ instancePath, keyword, params, message, data }: ErrorObject): Cause {
  const field = fieldPath(instancePath);
  const shown = JSON.stringify(data);
  switch (keyword) {
    case 'required': {
      const missing = `${field ? `${field}.` : ''}${params.missingProperty}`;
      return { field: missing, reason: 'FieldValueRequired', message: 'Required value' };
    }
    case 'enum': {
      const values = (params.allowedValues as unknown[]).map((v) => JSON.stringify(v)).join(', ');
      const text = `Unsupported value: ${shown}: supported values: ${values}`;
      return { field, reason: 'FieldValueNotSupported', message: text };
    }
    case 'type': {
      const text = `Invalid value: "${typeOf(data)}": ${field} in body must be of type ${params.type}: "${typeOf(data)}"`;
      return { field, reason: 'FieldValueTypeInvalid', message: text };
    }
    case 'maxLength':
      return {
        field,
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${params.limit} bytes`,
      };
    case 'maxItems': {
      const text = `Too many: ${(data as unknown[]).length}: must have at most ${params.limit} items`;
      return { field, reason: 'FieldValueTooMany', message: text };
    }
    case 'minimum':
    case 'maximum': {
      const than = keyword === 'minimum' ? 'greater' : 'less';
      const text = `Invalid value: ${shown}: ${field} in body should be ${than} than or equal to ${params.limit}`;
      return { field, reason: 'FieldValueInvalid', message: text };
    }
    default:
      return {
        field,
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${shown}: ${field} in body ${message}`,
      };
  }
}

/** Defaulting, pruning and validation by a CustomResourceDefinition's schema. */
export class CustomSchema {
  readonly #openapi: Fields;
  readonly #validate: ValidateFunction;
  readonly #singleton: { name: string; message: string } | undefined;

  constructor(openapi: Fields) {
    this.#openapi = openapi;
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

  /** Defaults and prunes the object in place; tells the fields that were pruned and what is invalid in the rest. */
  admit(object: KubeObject): { pruned: string[]; causes: Cause[] } {
    dropNulls(object, this.#openapi);
    const errors = this.#validate(object) ? [] : (this.#validate.errors ?? []);
    const unknown = errors.filter((error) => error.keyword === 'additionalProperties');
    const causes = errors.filter((error) => error.keyword !== 'additionalProperties').map(causeOf);
    if (this.#singleton && object.metadata.name !== this.#singleton.name) {
      const message = `Invalid value: ${this.#singleton.message}`;
      causes.push({ field: '<nil>', reason: 'FieldValueInvalid', message });
    }
    // `verbose` gives each error the object that the unknown field is in.
    for (const { data, params } of unknown) delete (data as Fields)[params.additionalProperty];
    return {
      pruned: unknown.map((e) => fieldPath(`${e.instancePath}/${e.params.additionalProperty}`)),
      causes,
    };
  }
}

/** The one CEL rule that the sandbox understands: a fixed name. Others are left to real clusters. */
function singletonRule(openapi: Fields): { name: string; message: string } | undefined {
  for (const rule of listAt(openapi, 'x-kubernetes-validations')) {
    const name = /^self\.metadata\.name == '([^']+)'$/.exec(String(rule.rule))?.[1];
    if (name) return { name, message: String(at(rule, 'message') ?? `failed rule: ${rule.rule}`) };
  }
  return undefined;
}
