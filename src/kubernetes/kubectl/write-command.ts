import type { SentCall } from '../call-observer.ts';
import type { ResourceType } from '../resources.ts';
import { resourceArgument } from './resource-argument.ts';
import { jsonText, type KubectlCommand } from './shell.ts';
import { shownBody, skeletonOf } from './shown-body.ts';

/** Of a manifest or patch, in characters. */
const MAX_BODY = 8_192;
const TOO_LONG = 'The rest of the object is left out: it is too long.';

/** @param ofCallers the types that consist of the caller's input */
export function create(
  call: SentCall,
  type: ResourceType,
  ofCallers: readonly ResourceType[],
): KubectlCommand {
  const { text, notes } = bodyText(call, ofCallers, 2);
  return {
    args: [
      'create',
      '-f',
      '-',
      ...namespaceFlag(call, type),
      ...fieldManager(call),
      ...(queryOf(call).get('dryRun') === 'All' ? ['--dry-run=server'] : []),
      '-o',
      'json',
    ],
    stdin: text,
    notes,
  };
}

export function patch(
  call: SentCall,
  type: ResourceType,
  ofCallers: readonly ResourceType[],
): KubectlCommand {
  const { name = '', subresource } = call.attributes;
  const { text, notes } = bodyText(call, ofCallers);
  return {
    args: [
      'patch',
      resourceArgument(type),
      name,
      ...namespaceFlag(call, type),
      ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
      ...fieldManager(call),
      `--type=${Array.isArray(call.body) ? 'json' : 'merge'}`,
      '-p',
      text,
      '-o',
      'json',
    ],
    notes,
    readsFirst: true,
  };
}

/** Without the preconditions, for which kubectl has no flags. */
export function remove(call: SentCall, type: ResourceType): KubectlCommand {
  const { name = '' } = call.attributes;
  const { propagationPolicy = 'Background' } = (call.body ?? {}) as { propagationPolicy?: string };
  return {
    args: [
      'delete',
      resourceArgument(type),
      name,
      ...namespaceFlag(call, type),
      `--cascade=${propagationPolicy.toLowerCase()}`,
      '--wait=false',
    ],
  };
}

interface TokenRequest {
  spec?: {
    expirationSeconds?: number;
    audiences?: string[];
    boundObjectRef?: { kind?: string; name?: string; uid?: string };
  };
}

/** Of TokenRequest, whose response is a credential. */
export function createToken(call: SentCall): KubectlCommand {
  const { namespace = '', name = '' } = call.attributes;
  const { expirationSeconds, audiences = [], boundObjectRef } = (call.body as TokenRequest).spec ?? {};
  const bound = boundObjectRef
    ? [
        `--bound-object-kind=${boundObjectRef.kind}`,
        `--bound-object-name=${boundObjectRef.name}`,
        `--bound-object-uid=${boundObjectRef.uid}`,
      ]
    : [];
  return {
    args: [
      'create',
      'token',
      name,
      '-n',
      namespace,
      ...(expirationSeconds === undefined ? [] : [`--duration=${expirationSeconds}s`]),
      ...audiences.map((audience) => `--audience=${audience}`),
      ...bound,
    ],
    notes: ['Prints a token.'],
  };
}

/** A write that kubectl has no command for. */
export function writeRaw(call: SentCall, ofCallers: readonly ResourceType[]): KubectlCommand {
  const { text, notes } = bodyText(call, ofCallers, 2);
  const command = { POST: 'create', PUT: 'replace', DELETE: 'delete' }[call.method as string] ?? 'create';
  return { args: [command, '--raw', call.path, '-f', '-'], stdin: text, notes };
}

function bodyText(call: SentCall, ofCallers: readonly ResourceType[], indent?: number) {
  const { value, notes } = shownBody(call, ofCallers);
  const text = jsonText(value ?? {}, indent);
  if (text.length <= MAX_BODY) return { text, notes };
  return { text: jsonText(skeletonOf(call.body), indent), notes: [TOO_LONG] };
}

function namespaceFlag({ attributes: { namespace } }: SentCall, { namespaced }: ResourceType): string[] {
  return namespaced && namespace !== undefined ? ['-n', namespace] : [];
}

function fieldManager(call: SentCall): string[] {
  const manager = queryOf(call).get('fieldManager');
  return manager ? [`--field-manager=${manager}`] : [];
}

function queryOf({ path }: SentCall): URLSearchParams {
  return new URLSearchParams(path.split('?')[1] ?? '');
}
