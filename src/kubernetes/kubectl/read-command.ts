import type { SentCall } from '../call-observer.ts';
import type { ResourceType } from '../resources.ts';
import { resourceArgument } from './resource-argument.ts';
import type { KubectlCommand } from './shell.ts';

type Read = Pick<SentCall, 'path' | 'attributes'>;

/** What kubectl has flags for. A watch of kubectl has no end and no place to begin at. */
const LIST_PARAMETERS = ['labelSelector', 'fieldSelector', 'limit'];
const WATCH_PARAMETERS = [
  'watch',
  'allowWatchBookmarks',
  'labelSelector',
  'fieldSelector',
  'resourceVersion',
  'timeoutSeconds',
];
const LOG_PARAMETERS: Record<string, string> = {
  container: '--container',
  tailLines: '--tail',
  sinceTime: '--since-time',
  sinceSeconds: '--since',
  limitBytes: '--limit-bytes',
};
const LOG_FLAGS: Record<string, string> = {
  previous: '--previous',
  timestamps: '--timestamps',
  follow: '-f',
};

/** Any read. */
export function getRaw({ path }: Pick<SentCall, 'path'>): KubectlCommand {
  return { args: ['get', '--raw', path] };
}

export function getObject(call: Read, type: ResourceType): KubectlCommand {
  const { namespace, name = '', subresource } = call.attributes;
  const query = queryOf(call);
  if (query.size > 0) return getRaw(call);
  return {
    args: [
      'get',
      resourceArgument(type),
      name,
      ...(namespace === undefined ? [] : ['-n', namespace]),
      ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
      '-o',
      'json',
    ],
  };
}

/** kubectl reads all pages of a list. One that continues an earlier page is a raw read, as nothing else has its place. */
export function list(call: Read, type: ResourceType): KubectlCommand {
  const query = queryOf(call);
  const isWatch = query.get('watch') === 'true';
  const known = isWatch ? WATCH_PARAMETERS : LIST_PARAMETERS;
  if ([...query.keys()].some((key) => !known.includes(key))) return getRaw(call);
  const { namespace } = call.attributes;
  const [labels, fields, limit] = LIST_PARAMETERS.map((key) => query.get(key));
  return {
    args: [
      'get',
      resourceArgument(type),
      ...(type.namespaced ? (namespace === undefined ? ['-A'] : ['-n', namespace]) : []),
      ...(labels ? ['-l', labels] : []),
      ...(fields ? ['--field-selector', fields] : []),
      ...(limit ? [`--chunk-size=${limit}`] : []),
      ...(isWatch ? ['--watch-only', '--output-watch-events'] : []),
      '-o',
      'json',
    ],
  };
}

export function logs(call: Read): KubectlCommand {
  const { namespace = '', name = '' } = call.attributes;
  const flags: string[] = [];
  for (const [key, value] of queryOf(call)) {
    const [flag, parameter] = [LOG_FLAGS[key], LOG_PARAMETERS[key]];
    if (parameter) flags.push(`${parameter}=${key === 'sinceSeconds' ? `${value}s` : value}`);
    else if (flag && value === 'true') flags.push(flag);
    else if (!flag) return getRaw(call);
  }
  return { args: ['logs', name, '-n', namespace, ...flags] };
}

function queryOf({ path }: Pick<SentCall, 'path'>): URLSearchParams {
  const start = path.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : path.slice(start + 1));
}
