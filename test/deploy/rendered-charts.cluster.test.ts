import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasKubectl } from '../support/kubectl.ts';
import { hasTool, kustomize } from './go-tools.ts';
import { CHARTS, objectsIn, type Rendered, useHelm, type Values } from './rendered.ts';

const idOf = ({ kind, metadata }: Rendered) => `${kind}/${metadata.name}`;

/**
 * An object as both have it. The only differences: Helm's annotation of what it keeps, a checksum where kustomize has a hash in
 * the name, the order of variables, and the line breaks in expressions, which kustomize folds anew.
 */
function alike({ ...object }: Rendered): Rendered {
  const { metadata, spec } = object;
  if (object.kind === 'ValidatingAdmissionPolicy') object.spec = withExpressionsInOneLine(spec);
  if (metadata.annotations) delete metadata.annotations['helm.sh/resource-policy'];
  if (Object.keys(metadata.annotations ?? {}).length === 0) delete metadata.annotations;
  if (object.kind !== 'Deployment') return object;
  delete spec.template.metadata.annotations;
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  for (const container of spec.template.spec.containers) container.env.sort(byName);
  return object;
}

function withExpressionsInOneLine(spec: object): unknown {
  const replacer = (key: string, value: unknown) =>
    key === 'expression' && typeof value === 'string' ? value.replace(/\s+/g, ' ') : value;
  return JSON.parse(JSON.stringify(spec, replacer));
}

const byId = (text: string) => new Map(objectsIn(text).map((object) => [idOf(object), alike(object)]));

describe.runIf(hasTool('helm'))('the charts', () => {
  const { helm, render } = useHelm();
  const find = (text: string, id: string) => objectsIn(text).find((object) => idOf(object) === id);
  const deployment = (values: Values, name = 'api') =>
    find(render('writ', values), `Deployment/writ-${name}`).spec.template.spec;
  const environment = (values: Values, name = 'api') =>
    Object.fromEntries(
      deployment(values, name).containers[0].env.map(({ name, value }: Record<string, string>) => [
        name,
        value,
      ]),
    );

  it.each(Object.values(CHARTS))('%s passes helm lint --strict', (chart) => {
    const { status, stdout } = helm(['lint', '--strict', chart]);
    expect(status, stdout).toBe(0);
  });

  it.runIf(hasKubectl(27, 'helm template against kubectl kustomize')).each<[string, Values]>([
    ['deploy', {}],
    ['deploy/coexistence', { coexistence: true }],
  ])('give the same objects as kubectl kustomize %s', (folder, values) => {
    const expected = byId(kustomize(folder).replace(/\bwrit-runners-[a-z0-9]{10}\b/g, 'writ-runners'));
    const rendered = [byId(render('base', values)), byId(render('writ', values))];
    const [base, writ] = rendered.map((objects) => [...objects.keys()]);
    expect([...(base ?? []), ...(writ ?? [])].toSorted()).toEqual([...expected.keys()].toSorted());
    for (const objects of rendered)
      for (const [id, object] of objects) expect(object, id).toEqual(expected.get(id));
  });

  it.runIf(hasKubectl(27, 'helm template against kubectl kustomize'))(
    'give the same objects for monitoring as kubectl kustomize deploy/monitoring',
    () => {
      const rendered = byId(render('writ', { monitoring: { enabled: true } }));
      for (const id of byId(render('writ')).keys()) rendered.delete(id);
      expect(Object.fromEntries(rendered)).toEqual(Object.fromEntries(byId(kustomize('deploy/monitoring'))));
      const labels = { release: 'kube-prometheus-stack' };
      const labelled = byId(render('writ', { monitoring: { enabled: true, labels } }));
      for (const id of rendered.keys()) expect(labelled.get(id)?.metadata.labels, id).toMatchObject(labels);
    },
  );

  it('keep what cannot be made again: sessions, the namespace of the shared key, and the roles that members have', () => {
    const kept = (['base', 'writ'] as const).flatMap((chart) =>
      objectsIn(render(chart))
        .filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] === 'keep')
        .map(idOf),
    );
    expect(kept.toSorted()).toEqual([
      'ClusterRole/ambient-project-admin',
      'ClusterRole/ambient-project-edit',
      'ClusterRole/ambient-project-view',
      'CustomResourceDefinition/agenticsessions.vteam.ambient-code',
      'CustomResourceDefinition/projectsettings.vteam.ambient-code',
      'Namespace/writ-system',
    ]);
  });

  it.each<[Values, string]>([
    [{}, 'localhost/writ:0.1.0'],
    [{ repository: 'r.example/writ', tag: '1.2' }, 'r.example/writ:1.2'],
    [{ digest: `sha256:${'a'.repeat(64)}` }, `localhost/writ:0.1.0@sha256:${'a'.repeat(64)}`],
  ])('image %j is %s, in both Deployments and in schedules', (image, expected) => {
    const values = { image, schedules: { url: 'https://writ.example.com/graphql' } };
    for (const name of ['api', 'controller'])
      expect(deployment(values, name).containers[0].image).toBe(expected);
    expect(environment(values)).toMatchObject({
      WRIT_SCHEDULE_URL: 'https://writ.example.com/graphql',
      WRIT_SCHEDULE_IMAGE: expected,
    });
    expect(environment(values, 'controller')).not.toHaveProperty('WRIT_SCHEDULE_URL');
  });

  it('settings are the variables of both, a component\u2019s own come first, and numbers stay as they are', () => {
    const values = {
      settings: { WRIT_LOG_LEVEL: 'debug', WRIT_RESPONSE_BYTES: 16_777_216, WRIT_PLAYGROUND: false },
      controller: { settings: { WRIT_LOG_LEVEL: 'warn' } },
      api: {
        settings: { WRIT_SHUTDOWN_GRACE_MS: 5000 },
        extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://p' }],
      },
    };
    expect(environment(values)).toMatchObject({
      WRIT_LOG_LEVEL: 'debug',
      WRIT_RESPONSE_BYTES: '16777216',
      WRIT_PLAYGROUND: 'false',
      WRIT_SHUTDOWN_GRACE_MS: '5000',
      WRIT_HOST: '::',
      HTTPS_PROXY: 'http://p',
    });
    expect(environment(values, 'controller').WRIT_LOG_LEVEL).toBe('warn');
    const names = deployment(values).containers[0].env.map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('an autoscaler decides the number of the API\u2019s replicas alone', () => {
    const text = render('writ', {
      api: { autoscaling: { enabled: true, maxReplicas: 9 } },
      controller: { replicas: 1 },
    });
    expect(find(text, 'Deployment/writ-api').spec).not.toHaveProperty('replicas');
    expect(find(text, 'Deployment/writ-controller').spec.replicas).toBe(1);
    expect(find(text, 'HorizontalPodAutoscaler/writ-api').spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'writ-api' },
      minReplicas: 2,
      maxReplicas: 9,
    });
  });

  it('scheduling, pull secrets and annotations are those of the values', () => {
    const values = {
      imagePullSecrets: [{ name: 'registry' }],
      api: {
        resources: { limits: { memory: '2Gi' } },
        nodeSelector: { pool: 'a' },
        tolerations: [{ key: 'a', operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        topologySpreadConstraints: [{ topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' }],
        priorityClassName: 'high',
        serviceAccount: { annotations: { a: 'b' } },
        podAnnotations: { c: 'd' },
        podLabels: { e: 'f' },
      },
    };
    const text = render('writ', values);
    const { metadata, spec } = find(text, 'Deployment/writ-api').spec.template;
    const { resources, serviceAccount, podAnnotations, podLabels, ...scheduling } = values.api;
    expect(spec).toMatchObject({ imagePullSecrets: values.imagePullSecrets, ...scheduling });
    expect(spec.containers[0].resources).toMatchObject(resources);
    expect(metadata).toMatchObject({ annotations: podAnnotations, labels: podLabels });
    expect(find(text, 'ServiceAccount/writ-api').metadata.annotations).toEqual(serviceAccount.annotations);
    expect(find(text, 'ServiceAccount/writ-controller').metadata.annotations).toBeUndefined();
  });

  it('what is not enabled is not there', () => {
    const budget = { podDisruptionBudget: { enabled: false } };
    const text = render('writ', {
      networkPolicy: { enabled: false },
      api: budget,
      controller: budget,
      namespaceLister: { group: '' },
    });
    const kinds = objectsIn(text).map(({ kind }) => kind);
    for (const kind of [
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Ingress',
      'Route',
      'HorizontalPodAutoscaler',
    ])
      expect(kinds).not.toContain(kind);
    expect(text).not.toMatch(/writ-namespace-lister/);
  });

  it('the NetworkPolicies have the clients and the addresses of the API server', () => {
    const client = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } };
    const to = [{ ipBlock: { cidr: '10.96.0.1/32' } }];
    const text = render('writ', { networkPolicy: { clients: [client], apiServer: { ports: [8443], to } } });
    for (const name of ['api', 'controller']) {
      const [rule] = find(text, `NetworkPolicy/writ-${name}`).spec.egress;
      expect(rule).toEqual({ to, ports: [{ port: 8443, protocol: 'TCP' }] });
    }
    const [{ from }, ...others] = find(text, 'NetworkPolicy/writ-api').spec.ingress;
    expect(from).toContainEqual(client);
    expect(JSON.stringify(others)).not.toContain('ingress-nginx');
    const [without] = find(render('writ'), 'NetworkPolicy/writ-api').spec.ingress;
    expect(from).toHaveLength(without.from.length + 1);
  });

  it('an Ingress and a Route have TLS and the path of the setting', () => {
    const text = render('writ', {
      settings: { WRIT_BASE_PATH: '/writ' },
      ingress: { enabled: true, host: 'a.example.com', className: 'nginx', tlsSecretName: 'tls' },
      route: { enabled: true, host: 'b.example.com' },
    });
    const { ingressClassName, tls, rules } = find(text, 'Ingress/writ-api').spec;
    expect([ingressClassName, tls]).toEqual(['nginx', [{ hosts: ['a.example.com'], secretName: 'tls' }]]);
    const [{ path, backend }] = rules[0].http.paths;
    expect([path, backend]).toEqual(['/writ', { service: { name: 'writ-api', port: { name: 'http' } } }]);
    const route = find(text, 'Route/writ-api');
    expect(route.spec).toMatchObject({ host: 'b.example.com', path: '/writ', tls: { termination: 'edge' } });
    const ports = find(text, 'Service/writ-api').spec.ports.map(({ name }: { name: string }) => name);
    expect(ports).toEqual([route.spec.port.targetPort]);
  });

  it('the file of runner types is that of the value, and its change replaces the pods', () => {
    const runners = readFileSync('config/runners.yaml', 'utf8').replace(
      'maxTimeoutSeconds: 14400',
      'maxTimeoutSeconds: 60',
    );
    const [before, after] = [render('writ'), render('writ', { runners })];
    expect(find(after, 'ConfigMap/writ-runners').data['runners.yaml']).toBe(runners);
    const checksum = (text: string) =>
      find(text, 'Deployment/writ-controller').spec.template.metadata.annotations['checksum/runners'];
    expect(checksum(after)).not.toBe(checksum(before));
  });

  it('the policies allow the Secrets of the values, and no others', () => {
    const runs = { runnerSecrets: ['one', 'two'], imagePullSecrets: ['registry'] };
    const policy = find(render('base', { runs }), 'ValidatingAdmissionPolicy/writ-runs').spec;
    expect(policy.variables[0]).toEqual({ name: 'imagePullSecrets', expression: "['registry']" });
    const text = JSON.stringify(policy);
    expect(text.match(/in \['one', 'two'\]/g)).toHaveLength(2);
    expect(text).not.toContain("'ambient-runner-secrets'");
  });

  it.each<[string, Values, RegExp]>([
    ['an unknown key', { replicas: 3 }, /additional properties 'replicas' not allowed/],
    ['an unknown key below', { api: { replica: 3 } }, /additional properties 'replica' not allowed/],
    ['an unknown setting', { settings: { WRIT_LOG_LEVL: 'info' } }, /invalid propertyName 'WRIT_LOG_LEVL'/],
    [
      'a setting that the chart makes',
      { api: { settings: { WRIT_PORT: 80 } } },
      /invalid propertyName 'WRIT_PORT'/,
    ],
    [
      'a setting as a variable',
      { api: { extraEnv: [{ name: 'WRIT_PORT', value: '1' }] } },
      /extraEnv\/0\/name/,
    ],
    ['a digest that is none', { image: { digest: 'latest' } }, /image\/digest/],
    ['an Ingress without a host', { ingress: { enabled: true } }, /ingress\/host/],
    [
      'two proxies for one host',
      { ingress: { enabled: true, host: 'a' }, route: { enabled: true, host: 'a' } },
      /enable one of both/,
    ],
  ])('%s is refused', (_, values, message) => {
    const { status, stderr } = helm(['template', 'writ', CHARTS.writ], values);
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  it.each<[string, Values]>([
    ['a name that would end the list', { runs: { imagePullSecrets: ["a'] + ['b"] } }],
    ['no runner Secret', { runs: { runnerSecrets: [] } }],
    ['an unknown key', { policies: false }],
  ])('%s is refused by writ-base', (_, values) => {
    const { status, stdout } = helm(['template', 'base', CHARTS.base], values);
    expect([status, stdout.slice(0, 100)]).toEqual([1, '']);
  });

  it('writ asks for all policies of writ-base', () => {
    const text = readFileSync(`${CHARTS.writ}/templates/checks.yaml`, 'utf8');
    const names = objectsIn(render('base'))
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding')
      .map(({ metadata }) => metadata.name);
    expect(names.filter((name) => !text.includes(`"${name}"`))).toEqual([]);
  });

  it('another namespace is refused', () => {
    const { status, stderr } = helm(['template', 'writ', CHARTS.writ, '--namespace', 'prod']);
    expect([status, stderr]).toEqual([1, expect.stringContaining('add --namespace writ-system')]);
  });
});
