/** One cause of a 422, as Kubernetes words it: https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field */
export interface Cause {
  field: string;
  reason: string;
  message: string;
}

export function required(field: string, why = ''): Cause {
  return { field, reason: 'FieldValueRequired', message: `Required value${why && `: ${why}`}` };
}

export function invalidValue(field: string, value: unknown, why: string): Cause {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}

export function immutable(field: string, value: unknown): Cause {
  return invalidValue(field, value, 'field is immutable');
}

export function unsupported(field: string, value: unknown, supported: unknown[]): Cause {
  const values = supported.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`;
  return { field, reason: 'FieldValueNotSupported', message };
}

export function tooLong(field: string, bytes: number): Cause {
  return { field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${bytes} bytes` };
}
