type Fields = Record<string, unknown>;

/** Paths in the project demo. */
export const sessions = '/apis/vteam.ambient-code/v1alpha1/namespaces/demo/agenticsessions';
export const jobs = '/apis/batch/v1/namespaces/demo/jobs';
export const core = (resource: string) => `/api/v1/namespaces/demo/${resource}`;

export function job(name: string, spec: Fields = {}, metadata: Fields = {}) {
  const containers = [{ name: 'runner', image: 'example/runner' }];
  const template = { metadata: { labels: { app: 'writ' } }, spec: { restartPolicy: 'Never', containers } };
  return { metadata: { name, ...metadata }, spec: { template, ...spec } };
}
