import type { SentCall } from '../call-observer.ts';
import {
  LOCAL_SUBJECT_ACCESS_REVIEWS,
  type ResourceType,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
} from '../resources.ts';
import { getObject, getRaw, list, logs } from './read-command.ts';
import { canI, canList, whoAmI } from './review-command.ts';
import { isPrintable, type KubectlCommand } from './shell.ts';
import { create, createToken, patch, remove, writeRaw } from './write-command.ts';

export interface KubectlOptions {
  /** The types that the cluster serves: of others kubectl knows no name. */
  types: readonly ResourceType[];
  /** Those that consist of the caller's own input: their bodies are shown also if Writ's own identity has sent them. */
  ofCallers: readonly ResourceType[];
}

/** The kubectl command that does the same as a call. It contains no credential. */
export function kubectlCommand(call: SentCall, options: KubectlOptions): KubectlCommand {
  const command = namedCommand(call, options);
  // A path is percent-encoded, and JSON is escaped: only what a flag has as it is can be anything.
  return command.args.every(isPrintable) ? command : rawCommand(call, options);
}

/** The type of the object that a call is about; undefined if its path is not that of such an object, as /readyz. */
export function typeOf(
  { path, attributes }: Pick<SentCall, 'path' | 'attributes'>,
  types: readonly ResourceType[],
): ResourceType | undefined {
  const { group, resource, namespace, name, subresource } = attributes;
  const type = types.find((each) => each.group === group && each.resource === resource);
  if (!type) return undefined;
  const segments = [
    ...(group ? ['apis', group] : ['api']),
    type.version,
    ...(type.namespaced && namespace !== undefined ? ['namespaces', namespace] : []),
    resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return path.split('?')[0] === `/${segments.join('/')}` ? type : undefined;
}

function namedCommand(call: SentCall, options: KubectlOptions): KubectlCommand {
  const { types, ofCallers } = options;
  const { method, attributes } = call;
  const type = typeOf(call, types);
  if (!type) return rawCommand(call, options);
  const { name, subresource } = attributes;
  if (method === 'GET') {
    if (subresource === 'log') return logs(call);
    return name === undefined ? list(call, type) : getObject(call, type);
  }
  if (method === 'POST') {
    if (type === SELF_SUBJECT_REVIEWS) return whoAmI();
    if (type === SELF_SUBJECT_ACCESS_REVIEWS) return canI(call, types);
    if (type === SELF_SUBJECT_RULES_REVIEWS) return canList(call);
    if (type === LOCAL_SUBJECT_ACCESS_REVIEWS) return rawCommand(call, options);
    if (subresource === 'token') return createToken(call);
    return subresource === undefined ? create(call, type, ofCallers) : rawCommand(call, options);
  }
  if (method === 'PATCH') return patch(call, type, ofCallers);
  return method === 'DELETE' && subresource === undefined ? remove(call, type) : rawCommand(call, options);
}

function rawCommand(call: SentCall, { ofCallers }: KubectlOptions): KubectlCommand {
  return call.method === 'GET' ? getRaw(call) : writeRaw(call, ofCallers);
}
