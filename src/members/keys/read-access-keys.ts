import { QueryTooComplex } from '../../errors.ts';
import type { Reader } from '../../kubernetes/reader.ts';
import { ROLE_BINDINGS } from '../../kubernetes/resources.ts';
import { scanPages } from '../../kubernetes/scan.ts';
import type { StoredBinding } from '../../model/member.ts';
import { ACCESS_KEYS, type AccessKey, accessKeyOf } from './access-key.ts';

const MAX_KEYS = 1_000;

/** The access keys of a project, by name. Errors: FORBIDDEN, QUERY_TOO_COMPLEX (there are more than 1,000). */
export async function readAccessKeys(reader: Reader, namespace: string): Promise<AccessKey[]> {
  const keys: AccessKey[] = [];
  const selection = { labelSelector: ACCESS_KEYS };
  for await (const { items } of scanPages<StoredBinding>(reader, ROLE_BINDINGS, namespace, selection)) {
    keys.push(...items.flatMap((binding) => accessKeyOf(binding) ?? []));
    if (keys.length > MAX_KEYS) {
      const message = `The project has more than ${MAX_KEYS} access keys`;
      throw new QueryTooComplex(message, { limit: 'accessKeys', maximum: MAX_KEYS });
    }
  }
  return keys;
}
