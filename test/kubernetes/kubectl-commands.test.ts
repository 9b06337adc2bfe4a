import { describe, expect, it } from 'vitest';
import { accessReviewOf } from '../../src/kubernetes/access-review.ts';
import {
  type ApiCall,
  createCall,
  deleteCall,
  discoveryCall,
  dryRunCreateCall,
  followLogCall,
  getCall,
  jsonPatchCall,
  listCall,
  logCall,
  mergePatchCall,
  reviewCall,
  watchCall,
} from '../../src/kubernetes/calls.ts';
import { READYZ_PATH } from '../../src/kubernetes/path.ts';
import { ALL_NAMESPACES } from '../../src/kubernetes/reader.ts';
import {
  JOBS,
  NAMESPACES,
  PODS,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  SERVICE_ACCOUNTS,
} from '../../src/kubernetes/resources.ts';
import { PROJECT_REQUESTS } from '../../src/model/openshift-project.ts';
import { tokenRequest } from '../../src/model/run-token.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { commandOf } from './printed-command.ts';

const { group, resource } = AGENTIC_SESSIONS;
const review = (attributes: Parameters<typeof accessReviewOf>[0]) =>
  reviewCall(SELF_SUBJECT_ACCESS_REVIEWS, accessReviewOf(attributes));
const uid = '5e551000-0000-4000-8000-000000000002';
const logOptions = { tailLines: 20, limitBytes: 1_024 };
describe('the kubectl command of', () => {
  it.each<[string, ApiCall, string]>([
    ['an object', getCall(AGENTIC_SESSIONS, 'demo', 'a'), `get agenticsessions.${group} a -n demo -o json`],
    ['a cluster-scoped object', getCall(NAMESPACES, undefined, 'demo'), 'get namespaces demo -o json'],
    ['a list', listCall(PODS, 'demo'), 'get pods -n demo -o json'],
    [
      'a selection',
      listCall(PODS, 'demo', { labelSelector: 'a in (b,c)', fieldSelector: 'spec.nodeName!=x', limit: 5 }),
      "get pods -n demo -l 'a in (b,c)' --field-selector 'spec.nodeName!=x' --chunk-size=5 -o json",
    ],
    ['a list of all namespaces', listCall(JOBS, ALL_NAMESPACES), 'get jobs.batch -A -o json'],
    ['a list of what has none', listCall(NAMESPACES, undefined), 'get namespaces -o json'],
    [
      'a list that continues another',
      listCall(PODS, 'demo', { limit: 5, continue: 'to ken' }),
      "get --raw '/api/v1/namespaces/demo/pods?limit=5&continue=to+ken'",
    ],
    [
      'a watch',
      watchCall(PODS, 'demo', { resourceVersion: '7', timeoutSeconds: 300, idleMs: 1, labelSelector: 'a=b' }),
      'get pods -n demo -l a=b --watch-only --output-watch-events -o json',
    ],
    ['a log', logCall('demo', 'p', logOptions), 'logs p -n demo --tail=20 --limit-bytes=1024'],
    [
      'a log with all options',
      logCall('demo', 'p', {
        ...logOptions,
        container: 'c',
        previous: true,
        timestamps: true,
        sinceTime: '2026-01-01T00:00:00Z',
      }),
      'logs p -n demo --tail=20 --limit-bytes=1024 --container=c --previous --timestamps --since-time=2026-01-01T00:00:00Z',
    ],
    [
      'a followed log',
      followLogCall('demo', 'p', { container: 'c', tailLines: 3, idleMs: 1 }),
      'logs p -n demo -f --timestamps --container=c --tail=3',
    ],
    ['discovery', discoveryCall(AGENTIC_SESSIONS), `get --raw /apis/${group}/v1alpha1`],
    [
      'the readiness of the API server',
      { ...getCall(PODS, 'demo', 'p'), path: READYZ_PATH },
      'get --raw /readyz',
    ],
    ['a SelfSubjectReview', reviewCall(SELF_SUBJECT_REVIEWS, {}), 'auth whoami -o json'],
    [
      'a SelfSubjectRulesReview',
      reviewCall(SELF_SUBJECT_RULES_REVIEWS, { spec: { namespace: 'demo' } }),
      'auth can-i --list -n demo',
    ],
    [
      'an access review',
      review({ verb: 'create', group, resource, namespace: 'demo' }),
      `auth can-i create agenticsessions.${group} -n demo`,
    ],
    [
      'an access review of a name',
      review({ verb: 'update', group, resource, namespace: 'demo', name: 'a' }),
      `auth can-i update agenticsessions.${group}/a -n demo`,
    ],
    [
      'an access review of a subresource',
      review({ verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'demo' }),
      'auth can-i get pods --subresource=log -n demo',
    ],
    [
      'an access review of the whole cluster',
      review({ verb: 'list', group: '', resource: 'namespaces' }),
      'auth can-i list namespaces -A',
    ],
    [
      'a deletion',
      deleteCall(JOBS, { namespace: 'demo', name: 'j' }, { uid }),
      'delete jobs.batch j -n demo --cascade=foreground --wait=false',
    ],
    [
      'the deletion of a namespace',
      deleteCall(NAMESPACES, { name: 'demo' }, { uid }),
      'delete namespaces demo --cascade=background --wait=false',
    ],
    [
      'a JSON patch',
      jsonPatchCall(AGENTIC_SESSIONS, { namespace: 'demo', name: 'a' }, [
        { op: 'add', path: '/spec/displayName', value: "it's" },
      ]),
      `patch agenticsessions.${group} a -n demo --field-manager=writ --type=json -p '[{"op":"add","path":"/spec/displayName","value":"it'\\''s"}]' -o json`,
    ],
    [
      'a merge patch of a status',
      mergePatchCall(
        AGENTIC_SESSIONS,
        { namespace: 'demo', name: 'a', subresource: 'status' },
        { status: { phase: 'Running' } },
      ),
      `patch agenticsessions.${group} a -n demo --subresource=status --field-manager=writ --type=merge -p '{"status":{"phase":"Running"}}' -o json`,
    ],
  ])('%s', (_, call, expected) => {
    expect(commandOf(call)).toBe(`kubectl ${expected}`);
  });

  it('a creation has the manifest in a here-document', () => {
    const call = createCall(
      AGENTIC_SESSIONS,
      { namespace: 'demo' },
      { kind: 'AgenticSession', spec: { a: '$(id)' } },
    );
    expect(commandOf(call)).toBe(`kubectl create -f - -n demo --field-manager=writ -o json <<'EOF'
{
  "kind": "AgenticSession",
  "spec": {
    "a": "$(id)"
  }
}
EOF`);
    const dryRun = dryRunCreateCall(AGENTIC_SESSIONS, { namespace: 'demo' }, {});
    expect(commandOf(dryRun)).toContain(' --dry-run=server ');
  });

  it('a TokenRequest prints a token, and has none', () => {
    const request = tokenRequest('account', { name: 'secret', uid }, 600);
    const call = createCall(
      SERVICE_ACCOUNTS,
      { namespace: 'demo', name: 'sa', subresource: 'token' },
      request,
    );
    expect(commandOf(call)).toBe(
      `# Prints a token.\nkubectl create token sa -n demo --duration=600s --bound-object-kind=Secret --bound-object-name=secret --bound-object-uid=${uid}`,
    );
  });

  it.each<[string, ApiCall]>([
    [
      'a resource that the cluster may not serve',
      review({ verb: 'create', group: PROJECT_REQUESTS.group, resource: PROJECT_REQUESTS.resource }),
    ],
    ['a resource that begins as a flag', review({ verb: 'get', group: '', resource: '--raw=/' })],
    ['a verb that begins as a flag', review({ verb: '--as=admin', group: '', resource: 'pods' })],
    ['a name that begins as a flag', review({ verb: 'get', group: '', resource: 'pods', name: '-A' })],
    ['a name that is two', review({ verb: 'get', group: '', resource: 'pods', name: 'a b' })],
    ['a namespace that is none', review({ verb: 'get', group: '', resource: 'pods', namespace: '-h' })],
    ['a subresource that is none', review({ verb: 'get', group: '', resource: 'pods', subresource: '-h' })],
    ['any verb', review({ verb: '*', group: '', resource: 'pods' })],
  ])('an access review of %s creates the review itself', (_, call) => {
    const [first, ...rest] = commandOf(call).split('\n');
    expect(first).toBe(`kubectl create --raw ${call.path} -f - <<'EOF'`);
    expect(JSON.parse(rest.slice(0, -1).join('\n'))).toEqual(call.body);
  });

  it('a read whose selector is not printable has it percent-encoded', () => {
    expect(commandOf(listCall(PODS, 'demo', { labelSelector: 'a=b\n\u202e' }))).toBe(
      "kubectl get --raw '/api/v1/namespaces/demo/pods?labelSelector=a%3Db%0A%E2%80%AE'",
    );
  });
});
