import { stringify } from 'yaml';
import type { RbacUser } from './binding.ts';
import { digestOf, type Remedy } from './remedy.ts';

const GROUP = 'rbac.authorization.k8s.io';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The role of a remedy and its binding to the user, as YAML for `kubectl apply`. */
export function manifestOf(remedy: Remedy, user: RbacUser): string {
  return [roleOf(remedy), bindingOf(remedy, user)].map(yamlOf).join('---\n');
}

function roleOf({ role: { kind, name, namespace }, rules }: Remedy): object {
  return {
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name, ...(namespace && { namespace }) },
    rules: rules.map(({ resourceNames, ...rule }) => ({
      ...rule,
      ...(resourceNames.length > 0 && { resourceNames }),
    })),
  };
}

/** Several users can be bound to the role, each by a binding of their own. */
function bindingOf({ role: { kind, name, namespace } }: Remedy, { username }: RbacUser): object {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: `${kind}Binding`,
    metadata: { name: `${name}-${digestOf(username)}`, ...(namespace && { namespace }) },
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: [subjectOf(username)],
  };
}

function subjectOf(username: string): object {
  const [, namespace, account] = SERVICE_ACCOUNT.exec(username) ?? [];
  return account
    ? { kind: 'ServiceAccount', name: account, namespace }
    : { apiGroup: GROUP, kind: 'User', name: username };
}

/**
 * Every string is quoted, and what is no visible character is escaped in it. Otherwise kubectl, whose YAML is 1.1, would read
 * some as the end of a line, and others would hide from the reader what is there.
 */
function yamlOf(object: object): string {
  const text = stringify(wellFormed(object), {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}

/** Half of a surrogate pair is no character in YAML. */
function wellFormed<T>(value: T): T {
  const replaced = JSON.stringify(value, (_, each) =>
    typeof each === 'string' ? each.toWellFormed() : each,
  );
  return JSON.parse(replaced) as T;
}
