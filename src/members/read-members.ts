import { QueryTooComplex } from '../errors.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { ROLE_BINDINGS } from '../kubernetes/resources.ts';
import { scanPages } from '../kubernetes/scan.ts';
import { type Member, membersOf, type StoredBinding } from '../model/member.ts';

/** A list of who has access that leaves somebody out without a word would be worse than none. */
const MAX_MEMBERS = 5_000;

/**
 * The members of a project, by the names of their bindings. Errors: FORBIDDEN (the user may not list RoleBindings there),
 * QUERY_TOO_COMPLEX (there are more than 5,000).
 */
export async function readMembers(reader: Reader, namespace: string): Promise<Member[]> {
  const members: Member[] = [];
  for await (const { items } of scanPages<StoredBinding>(reader, ROLE_BINDINGS, namespace)) {
    for (const binding of items) members.push(...membersOf(binding));
    if (members.length > MAX_MEMBERS) {
      const message = `The project has more than ${MAX_MEMBERS} members`;
      throw new QueryTooComplex(message, { limit: 'members', maximum: MAX_MEMBERS });
    }
  }
  return members;
}
