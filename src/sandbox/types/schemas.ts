import { type Fields, isFields } from '../objects.ts';
import type { Resource } from '../storage/resources.ts';
import { isInline, type Message, type MessageField, messageOf, messages } from './messages.ts';

const REF = '#/components/schemas/';
const OBJECT_META = 'k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const SCALARS: Record<string, Fields> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
};

/** Types that are no object in JSON, by the end of their name. */
const SPECIAL: Record<string, Fields> = {
  Time: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
  Quantity: { type: 'string' },
  IntOrString: { type: 'string', format: 'int-or-string' },
  FieldsV1: { type: 'object' },
  RawExtension: { type: 'object' },
  JSON: {},
  ExtraValue: { type: 'array', items: { type: 'string' } },
};

const TYPE_META = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
};

/** The markers that say how lists are merged, and their names in OpenAPI. */
const MERGE_MARKERS = {
  listType: 'x-kubernetes-list-type',
  structType: 'x-kubernetes-map-type',
  mapType: 'x-kubernetes-map-type',
  patchStrategy: 'x-kubernetes-patch-strategy',
  patchMergeKey: 'x-kubernetes-patch-merge-key',
};

/** The name of the resource's kind in an OpenAPI document. */
export function schemaName({ group, version, kind, schema }: Resource): string {
  if (schema) return [...group.split('.').reverse(), version, kind].join('.');
  return openapiName(messageOf(group, kind)?.name ?? `${version}.${kind}`);
}

/** The schemas of the resources and of all types that they use, as in Kubernetes' OpenAPI v3 documents. */
export function schemasOf(resources: Resource[]): Record<string, Fields> {
  const schemas: Record<string, Fields> = {};
  const include = (name: string) => {
    const message = messages().get(name);
    if (!message || schemas[openapiName(name)]) return;
    schemas[openapiName(name)] = schemaOf(message);
    for (const { type } of message.fields) include(type);
  };
  include(OBJECT_META);
  for (const resource of resources) {
    const { group, version, kind, schema } = resource;
    const message = messageOf(group, kind);
    if (!schema && message) include(message.name);
    const own = schema ? schema.openapi : (schemas[schemaName(resource)] ?? { type: 'object' });
    schemas[schemaName(resource)] = {
      ...own,
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
      properties: {
        ...TYPE_META,
        ...(isFields(own.properties) && own.properties),
        ...(schema && { metadata: reference(OBJECT_META) }),
      },
    };
  }
  return schemas;
}

/** The schema that the reference in a schema names, if there is one, with the merge rules of both. */
export function resolved(schema: unknown, schemas: Record<string, Fields>): Fields {
  if (!isFields(schema)) return {};
  const [all] = Array.isArray(schema.allOf) ? (schema.allOf as Fields[]) : [];
  const ref = schema.$ref ?? all?.$ref;
  if (typeof ref !== 'string') return schema;
  return { ...schemas[ref.slice(REF.length)], ...schema };
}

function openapiName(message: string): string {
  return message.replace(/^k8s\.io\./, 'io.k8s.');
}

function schemaOf({ fields }: Message): Fields {
  const required = fields.filter((field) => !field.markers.has('optional') && !isInline(field));
  return {
    type: 'object',
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    properties: Object.assign({}, ...fields.map(propertiesOf)),
  };
}

function propertiesOf(field: MessageField): Fields {
  const { name, type, form, markers } = field;
  if (isInline(field)) return Object.assign({}, ...(messages().get(type)?.fields.map(propertiesOf) ?? []));
  const value = SCALARS[type] ?? SPECIAL[type.split('.').at(-1) ?? ''];
  const one = value ?? { $ref: REF + openapiName(type) };
  const schema =
    form === 'list'
      ? { type: 'array', items: one }
      : form === 'map'
        ? { type: 'object', additionalProperties: one }
        : (value ?? reference(type));
  return { [name]: { ...schema, ...mergeRules(markers) } };
}

function mergeRules(markers: Map<string, string[]>): Fields {
  const rules = Object.entries(MERGE_MARKERS).flatMap(([marker, name]) => {
    const [value] = markers.get(marker) ?? [];
    return value === undefined ? [] : [[name, value]];
  });
  const keys = markers.get('listMapKey');
  return { ...Object.fromEntries(rules), ...(keys && { 'x-kubernetes-list-map-keys': keys }) };
}

function reference(message: string): Fields {
  return { allOf: [{ $ref: REF + openapiName(message) }] };
}
