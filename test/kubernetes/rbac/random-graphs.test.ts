import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { reasonOf } from '../../../src/kubernetes/rbac/binding.ts';
import { GrantFinder } from '../../../src/kubernetes/rbac/grant-finder.ts';
import { manifestOf } from '../../../src/kubernetes/rbac/manifest.ts';
import { remedyFor } from '../../../src/kubernetes/rbac/remedy.ts';
import { toReviewAttributes } from '../../../src/kubernetes/resource-attributes.ts';
import { DESCRIBE, started } from '../../support/hooks.ts';
import { KubernetesClient } from '../../support/kubernetes-client.ts';
import { NAMESPACES } from '../../support/objects.ts';
import { isRealCluster, startTestCluster } from '../../support/test-cluster.ts';
import { GraphCluster } from './graph-cluster.ts';
import {
  drawGraphs,
  GRAPH_LABEL,
  type Graph,
  type GraphObject,
  NAMESPACES_OF_GRAPHS,
  type Question,
  usersOf,
} from './graphs.ts';

/** More graphs for a longer test: `RBAC_GRAPHS=1000 RBAC_SEED=7`. */
const { RBAC_GRAPHS: count = 20, RBAC_SEED: seed = 13 } = process.env;
const BATCH = 100;
const TIMEOUT_MS = 900_000;

/** The cluster's answer to a question, and ours. */
interface Answer extends Question {
  allowed: boolean;
  explained: boolean;
}

/** What is denied, the remedy in force, and other questions like it that are no part of what was asked. */
interface Remedied {
  question: Question;
  objects: GraphObject[];
  neighbours: Question[];
}

describe('random RBAC objects', () => {
  const cluster = startTestCluster({ demo: false });
  const admin = started(DESCRIBE, connect, (client) => client.close());
  const graphs = drawGraphs(Number(count), Number(seed)).map(ofThisCluster);
  const batches = Array.from({ length: Math.ceil(graphs.length / BATCH) }, (_, index) => ({
    first: index * BATCH,
    batch: graphs.slice(index * BATCH, (index + 1) * BATCH),
  }));
  const inCluster = new GraphCluster(admin);
  const figures = { questions: 0, allowed: 0, remedies: 0, neighbours: 0 };
  const startedAt = Date.now();

  beforeAll(async () => {
    for (const name of NAMESPACES_OF_GRAPHS) await admin().create(NAMESPACES, { metadata: { name } });
  });
  afterAll(async () => {
    await inCluster.clear();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
    process.stdout.write(
      `${graphs.length} graphs: ${JSON.stringify({ ...figures, reviews: inCluster.reviews })} in ${seconds} s\n`,
    );
  });

  /** Neither over HTTP/2 nor through the proxy of a real cluster, which would make one group of all that a request names. */
  async function connect(): Promise<KubernetesClient> {
    const endpoint = inject('cluster') ?? cluster;
    const agent = new Agent({ connect: { ca: endpoint.ca }, allowH2: false });
    return new KubernetesClient(endpoint, cluster.identities.admin.token, { agent });
  }

  it.each(batches)(
    'are explained as the cluster decides, and remedied by what is asked and no more: from graph $first on',
    { timeout: TIMEOUT_MS },
    async ({ first, batch }) => {
      await inCluster.clear();
      const objects = batch.flatMap((graph) => graph.objects);
      await inCluster.put(objects);
      if (isRealCluster()) await inCluster.aggregated(objects);
      await inCluster.settled();

      const answers = await answersTo(batch.flatMap(({ questions }) => questions));
      expect(answers.filter(({ allowed, explained }) => allowed !== explained)).toEqual([]);
      figures.questions += answers.length;
      figures.allowed += answers.filter(({ allowed }) => allowed).length;

      const denied = new Set(
        answers.filter(({ allowed }) => !allowed).map(({ user, attributes }) => keyOf({ user, attributes })),
      );
      const remedied = batch.flatMap((graph, index): Remedied[] => {
        const question = graph.questions.find((each) => denied.has(keyOf(each)));
        return question ? [remedy(question, first + index)] : [];
      });
      await expectRemedied(remedied);
      figures.remedies += remedied.length;
      figures.neighbours += remedied.flatMap(({ neighbours }) => neighbours).length;
    },
  );

  async function answersTo(questions: Question[]): Promise<Answer[]> {
    const reader = await inCluster.reader();
    return Promise.all(
      questions.map(async ({ user, attributes }) => {
        const { allowed, reason } = await inCluster.review(user, attributes);
        const finder = new GrantFinder(reader, 100_000);
        const grant = await finder.find({ user, attributes, reason: null });
        // That of the API server is found first if it is known.
        const named = allowed && (await new GrantFinder(reader, 100_000).find({ user, attributes, reason }));
        if (named && named.binding.kind === 'RoleBinding' && reason?.includes('by RoleBinding'))
          expect(reasonOf(named)).toBe(reason);
        return { user, attributes, allowed, explained: grant !== null };
      }),
    );
  }

  async function expectRemedied(remedied: Remedied[]): Promise<void> {
    const neighbours = () =>
      Promise.all(
        remedied.flatMap((each) =>
          each.neighbours.map(async (question) => ({
            of: each.question,
            question,
            allowed: (await inCluster.review(question.user, question.attributes)).allowed,
          })),
        ),
      );
    const before = await neighbours();
    await inCluster.put(remedied.flatMap(({ objects }) => objects));
    await inCluster.settled();
    const after = await answersTo(remedied.map(({ question }) => question));
    expect(after.filter(({ allowed, explained }) => !allowed || !explained)).toEqual([]);
    expect(await neighbours()).toEqual(before);
    await inCluster.removeRules(remedied.flatMap(({ objects }) => objects.filter(({ rules }) => rules)));
    await inCluster.settled();
    const without = await answersTo(remedied.map(({ question }) => question));
    expect(without.filter(({ allowed, explained }) => allowed || explained)).toEqual([]);
  }
});

/** The sandbox has no controller that fills in the rules of ClusterRoles. */
function ofThisCluster({ objects, ...graph }: Graph): Graph {
  if (isRealCluster()) return { objects, ...graph };
  const filled = objects.map((object) => {
    const { aggregationRule, ...role } = object;
    if (aggregationRule === undefined) return object;
    const parts = objects.filter(({ metadata }) => metadata.name.startsWith(`${role.metadata.name}-part`));
    return { ...role, rules: parts.flatMap(({ rules }) => rules) };
  });
  return { objects: filled as GraphObject[], ...graph };
}

function remedy(question: Question, graph: number): Remedied {
  const { user, attributes } = question;
  const labels = { [GRAPH_LABEL]: 'yes' };
  const objects = parseAllDocuments(manifestOf(remedyFor(attributes), user)).map((document) => {
    const object: GraphObject = document.toJS();
    // Several graphs can ask the same, and share the role then.
    const name = `${object.metadata.name}-${graph}`;
    const roleRef = object.roleRef as { name: string } | undefined;
    return {
      ...object,
      metadata: { ...object.metadata, name, labels },
      ...(roleRef && { roleRef: { ...roleRef, name: `${roleRef.name}-${graph}` } }),
    };
  });
  return { question, objects, neighbours: neighboursOf(question, graph) };
}

/** As what was asked but for one thing, and not included in it. */
function neighboursOf({ user, attributes }: Question, graph: number): Question[] {
  const asked = toReviewAttributes(attributes);
  const { subresource, namespace, name } = asked;
  const others = [
    { verb: 'watch' },
    { verb: 'patch' },
    { group: 'other.example' },
    { resource: 'configmaps' },
    { subresource: subresource ? undefined : 'status' },
    { subresource: 'other' },
    ...(name ? [{ name: 'other' }, { name: undefined }] : []),
    ...(namespace ? [{ namespace: 'rbac-other' }, { namespace: undefined }] : []),
  ];
  const neighbours = others.map((other): Question => ({ user, attributes: { ...asked, ...other } }));
  const strangers = usersOf(graph).filter(({ username }) => username !== user.username);
  return [...neighbours, ...strangers.map((stranger) => ({ user: stranger, attributes: asked }))].filter(
    (each) => keyOf(each) !== keyOf({ user, attributes }),
  );
}

function keyOf({ user, attributes }: Question): string {
  const { verb, group, resource, subresource, namespace, name } = toReviewAttributes(attributes);
  return JSON.stringify([
    user.username,
    verb,
    group,
    resource,
    subresource ?? '',
    namespace ?? '',
    name ?? '',
  ]);
}
