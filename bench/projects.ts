import { Agent, fetch, request } from 'undici';
import { serve, startCluster } from './process.ts';

/** Reads all projects of a user who is a member of a few among many, and prints times, pages and reviews. */
const PROJECTS = 500;
/** Alice is a member of every so many-th. */
const MEMBER_OF = 25;

interface Page {
  data?: { projects: { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
  errors?: unknown;
}

const cluster = await startCluster('live-cluster.ts');
const dispatcher = new Agent({ connect: { ca: cluster.ca }, connections: 8 });
const http = new Agent({ connections: 4 });
try {
  const names = Array.from({ length: PROJECTS }, (_, n) => `bench-${String(n).padStart(4, '0')}`);
  await Promise.all(names.map(putProject));
  const writ = await serve(cluster.kubeconfig);
  try {
    const rows = [];
    for (const fields of ['name', 'name viewerRole']) {
      for (const order of ['NAME ASC', 'CREATED_AT DESC']) {
        for (const first of [50, 500]) rows.push(await measure(writ.url, { fields, order, first }));
      }
    }
    process.stdout.write(
      `\nall projects of a user with ${PROJECTS / MEMBER_OF + 1} of ${PROJECTS + 2} (cold: the first time in 10 s)\n`,
    );
    // biome-ignore lint/suspicious/noConsole: the output is the product
    console.table(rows);
  } finally {
    await writ.stop();
  }
} finally {
  await cluster.stop();
}
process.exit();

interface Listed {
  fields: string;
  order: string;
  first: number;
}

async function measure(url: string, listed: Listed) {
  // Until no review is cached any more.
  await new Promise((resolve) => setTimeout(resolve, 10_500));
  const cold = await readAll(url, listed);
  const again = await readAll(url, listed);
  return {
    ...listed,
    projects: cold.projects,
    pages: cold.pages,
    'cold ms': cold.ms.toFixed(0),
    'cold reviews': cold.reviews,
    'again ms': again.ms.toFixed(0),
    'again reviews': again.reviews,
  };
}

async function readAll(url: string, { fields, order, first }: Listed) {
  const [field, direction] = order.split(' ');
  const query = `query ($after: String) {
    projects(first: ${first}, after: $after, orderBy: {field: ${field}, direction: ${direction}}) {
      nodes { ${fields} } pageInfo { hasNextPage endCursor }
    }
  }`;
  const before = (await cluster.counts()).reviews;
  const startedAt = performance.now();
  let [projects, pages] = [0, 0];
  for (let after: string | null = null; ; pages += 1) {
    const { body } = await request(url, {
      method: 'POST',
      dispatcher: http,
      headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { after } }),
    });
    const { data, errors } = (await body.json()) as Page;
    if (!data || errors) throw new Error(JSON.stringify(errors));
    projects += data.projects.nodes.length;
    if (!data.projects.pageInfo.hasNextPage) break;
    after = data.projects.pageInfo.endCursor;
  }
  const ms = performance.now() - startedAt;
  return { projects, pages: pages + 1, ms, reviews: (await cluster.counts()).reviews - before };
}

async function putProject(name: string, index: number): Promise<void> {
  const labels = { 'ambient-code.io/managed': 'true' };
  await post('/api/v1/namespaces', { metadata: { name, labels } });
  if (index % MEMBER_OF !== 0) return;
  const apiGroup = 'rbac.authorization.k8s.io';
  await post(`/apis/${apiGroup}/v1/namespaces/${name}/rolebindings`, {
    metadata: { name: 'member' },
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'ambient-project-edit' },
    subjects: [{ apiGroup, kind: 'User', name: 'alice' }],
  });
}

async function post(path: string, object: object): Promise<void> {
  const response = await fetch(`${cluster.server}${path}`, {
    method: 'POST',
    dispatcher,
    headers: { authorization: `Bearer ${cluster.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify(object),
  });
  if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
