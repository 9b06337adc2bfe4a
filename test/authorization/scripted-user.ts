import type { Rules } from '../../src/authorization/rules-review.ts';
import type { ResourceAttributes } from '../../src/kubernetes/resource-attributes.ts';
import type { ResourceType } from '../../src/kubernetes/resources.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import type { UserCluster } from '../../src/kubernetes/user-cluster.ts';

type Status = Record<string, unknown> | undefined;

/** What a cluster says to the self reviews of a user. */
export interface Answers {
  access?: ((attributes: ResourceAttributes) => Status) | undefined;
  subject?: () => Status;
  rules?: ((namespace: string) => Status | Rules) | undefined;
}

interface Review {
  spec?: { resourceAttributes?: ResourceAttributes; namespace?: string };
}

/** A user of a cluster that only answers self reviews, and the reviews that it was asked for. */
export function scriptedUser(answers: Answers, { server = 'https://east', token = 'alice' } = {}) {
  const asked: string[] = [];
  async function selfReview({ kind }: ResourceType, { spec }: Review) {
    if (kind === 'SelfSubjectReview') {
      asked.push('subject');
      return { status: answers.subject?.() };
    }
    if (kind === 'SelfSubjectRulesReview') {
      const namespace = spec?.namespace ?? '';
      asked.push(`rules in ${namespace}`);
      return { status: answers.rules?.(namespace) };
    }
    const attributes = spec?.resourceAttributes as ResourceAttributes;
    const { verb, resource, namespace, name } = attributes;
    asked.push([verb, resource, name, namespace && `in ${namespace}`].filter(Boolean).join(' '));
    return { status: answers.access?.(attributes) };
  }
  const user = { server, token: new UserToken(token), scope: {}, selfReview } as unknown as UserCluster;
  return { user, asked };
}
