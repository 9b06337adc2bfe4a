import pLimit from 'p-limit';
import { expect } from 'vitest';
import { accessReviewOf, parseAccessReview } from '../../../src/kubernetes/access-review.ts';
import type { RbacUser } from '../../../src/kubernetes/rbac/binding.ts';
import type { AnyObject, Reader } from '../../../src/kubernetes/reader.ts';
import type { ResourceAttributes } from '../../../src/kubernetes/resource-attributes.ts';
import type { ResourceType } from '../../../src/kubernetes/resources.ts';
import { eventually } from '../../support/eventually.ts';
import type { KubernetesClient } from '../../support/kubernetes-client.ts';
import { GRAPH_LABEL, type GraphObject, NAMESPACES_OF_GRAPHS } from './graphs.ts';

const API = '/apis/rbac.authorization.k8s.io/v1';
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const PLURALS = {
  Role: 'roles',
  ClusterRole: 'clusterroles',
  RoleBinding: 'rolebindings',
  ClusterRoleBinding: 'clusterrolebindings',
} as const;

interface StoredObject extends GraphObject {
  rules?: unknown[];
}

/** RBAC objects in a cluster, and its answers to whoever asks. */
export class GraphCluster {
  readonly #admin: () => KubernetesClient;
  /** The API server serves some hundred requests at once. */
  readonly #limit = pLimit(24);
  #sentinels = 0;
  /** How many access reviews the cluster has answered. */
  reviews = 0;

  /** @param admin once the cluster has started */
  constructor(admin: () => KubernetesClient) {
    this.#admin = admin;
  }

  /** With the tokens of an administrator, who impersonates the user. */
  async review({ username, groups }: RbacUser, attributes: ResourceAttributes) {
    const isAccount = username.startsWith('system:serviceaccount:');
    const headers = {
      'content-type': 'application/json',
      'impersonate-user': username,
      // Those of a service account follow from its name.
      ...(!isAccount && { 'impersonate-group': groups }),
    } as unknown as Record<string, string>;
    const body = accessReviewOf(attributes);
    this.reviews += 1;
    return parseAccessReview(await this.#limit(() => this.#admin().must('POST', REVIEWS, body, headers)));
  }

  async put(objects: readonly GraphObject[]): Promise<void> {
    await Promise.all(
      objects.map((object) => this.#limit(() => this.#admin().create(collectionOf(object), object))),
    );
  }

  async removeRules(roles: readonly GraphObject[]): Promise<void> {
    const type = { 'content-type': 'application/merge-patch+json' };
    await Promise.all(
      roles.map((role) => {
        const path = `${collectionOf(role)}/${role.metadata.name}`;
        return this.#limit(() => this.#admin().must('PATCH', path, { rules: [] }, type));
      }),
    );
  }

  /**
   * Until the authorizer knows all that has been put. It learns of each kind of object in the order in which they were stored,
   * so it is enough to put one more of each.
   */
  async settled(): Promise<void> {
    this.#sentinels += 1;
    const name = `sentinel-${this.#sentinels}`;
    const [namespace = ''] = NAMESPACES_OF_GRAPHS;
    const labels = { [GRAPH_LABEL]: 'yes' };
    const rules = [{ verbs: ['get'], apiGroups: ['sentinel'], resources: ['sentinels'] }];
    const apiGroup = 'rbac.authorization.k8s.io';
    const binding = (kind: 'Role' | 'ClusterRole', where: object): GraphObject => ({
      kind: `${kind}Binding`,
      metadata: { name, labels, ...where },
      roleRef: { apiGroup, kind, name },
      subjects: [{ apiGroup, kind: 'User', name: `${name}-${kind}` }],
    });
    await this.put([
      { kind: 'Role', metadata: { name, namespace, labels }, rules },
      { kind: 'ClusterRole', metadata: { name, labels }, rules },
      binding('Role', { namespace }),
      binding('ClusterRole', {}),
    ]);
    const attributes = { verb: 'get', group: 'sentinel', resource: 'sentinels', namespace };
    for (const kind of ['Role', 'ClusterRole']) {
      const user = { username: `${name}-${kind}`, groups: ['sentinels'] };
      await eventually(async () => expect((await this.review(user, attributes)).allowed).toBe(true));
    }
  }

  /** The RBAC objects, as stored now, in the way in which Writ reads them. */
  async reader(): Promise<Reader> {
    const lists = new Map<string, StoredObject[]>();
    for (const plural of Object.values(PLURALS))
      lists.set(plural, (await this.#admin().must('GET', `${API}/${plural}`)).items);
    const of = ({ resource }: ResourceType, namespace: unknown) =>
      (lists.get(resource) ?? []).filter(({ metadata }) => metadata.namespace === namespace);
    return {
      list: async (type: ResourceType, namespace: unknown) => ({
        metadata: { resourceVersion: '1' },
        items: of(type, namespace),
      }),
      find: async (type: ResourceType, namespace: unknown, name: string) =>
        of(type, namespace).find(({ metadata }) => metadata.name === name) ?? null,
    } as unknown as Reader & { list: () => Promise<{ items: AnyObject[] }> };
  }

  /** Until the controller has filled in the rules of the ClusterRoles that have none of their own. */
  async aggregated(objects: readonly GraphObject[]): Promise<void> {
    const wholes = objects.filter(({ aggregationRule }) => aggregationRule !== undefined);
    await eventually(async () => {
      const { items } = await this.#admin().must('GET', `${API}/clusterroles?labelSelector=${GRAPH_LABEL}`);
      const stored = new Map(items.map((each: StoredObject) => [each.metadata.name, each.rules ?? []]));
      for (const { metadata } of wholes) {
        const parts = objects.filter(({ metadata: { name } }) => name.startsWith(`${metadata.name}-part`));
        const distinct = new Set(parts.map(({ rules }) => JSON.stringify(rules)));
        expect(stored.get(metadata.name)).toHaveLength(distinct.size);
      }
    });
  }

  async clear(): Promise<void> {
    const selector = `?labelSelector=${GRAPH_LABEL}`;
    await this.#admin().must('DELETE', `${API}/clusterrolebindings${selector}`);
    await this.#admin().must('DELETE', `${API}/clusterroles${selector}`);
    for (const namespace of NAMESPACES_OF_GRAPHS) {
      for (const plural of ['rolebindings', 'roles'])
        await this.#admin().must('DELETE', `${API}/namespaces/${namespace}/${plural}${selector}`);
    }
  }
}

function collectionOf({ kind, metadata: { namespace } }: GraphObject): string {
  return `${API}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${PLURALS[kind]}`;
}
