import type { SentCall } from '../call-observer.ts';
import type { ResourceType } from '../resources.ts';
import { resourceArgument } from './resource-argument.ts';
import { jsonText, type KubectlCommand } from './shell.ts';

interface Review {
  spec?: { resourceAttributes?: Record<string, string | undefined>; namespace?: string };
}

const VERB = /^[a-z]+$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** Beginning with a letter or digit, so that it is no flag. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9.:-]*$/;
const SUBRESOURCE = /^[a-z]+$/;

export function whoAmI(): KubectlCommand {
  return { args: ['auth', 'whoami', '-o', 'json'] };
}

/** Of SelfSubjectRulesReview. */
export function canList({ body }: SentCall): KubectlCommand {
  const namespace = (body as Review | undefined)?.spec?.namespace ?? '';
  return { args: ['auth', 'can-i', '--list', ...(NAMESPACE.test(namespace) ? ['-n', namespace] : [])] };
}

/**
 * Of SelfSubjectAccessReview. kubectl looks a resource up, and asks about another one if it does not find it: so for a
 * resource that the cluster may not serve, and for anything that is not a plain name, the review itself is created.
 */
export function canI(call: SentCall, types: readonly ResourceType[]): KubectlCommand {
  const asked = (call.body as Review | undefined)?.spec?.resourceAttributes ?? {};
  const { verb = '', group = '', resource = '', subresource, namespace, name } = asked;
  const type = types.find((each) => each.group === group && each.resource === resource);
  const isPlain =
    VERB.test(verb) &&
    (!namespace || NAMESPACE.test(namespace)) &&
    (!name || NAME.test(name)) &&
    (!subresource || SUBRESOURCE.test(subresource));
  if (!type || !isPlain) return createReview(call);
  return {
    args: [
      'auth',
      'can-i',
      verb,
      `${resourceArgument(type)}${name ? `/${name}` : ''}`,
      ...(subresource ? [`--subresource=${subresource}`] : []),
      ...(namespace ? ['-n', namespace] : ['-A']),
    ],
  };
}

export function createReview({ path, body }: Pick<SentCall, 'path' | 'body'>): KubectlCommand {
  return { args: ['create', '--raw', path, '-f', '-'], stdin: jsonText(body, 2) };
}
