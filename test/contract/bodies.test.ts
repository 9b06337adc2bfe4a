import { describe, expect, it } from 'vitest';
import { named } from '../support/objects.ts';
import { kubernetesProtobuf, type ProtobufFields } from '../support/protobuf.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const PROTOBUF = { 'content-type': 'application/vnd.kubernetes.protobuf' };
const meta = (name: string): ProtobufFields[number] => [1, [[1, name]]];
const post = (path: string, apiVersion: string, kind: string, fields: ProtobufFields) =>
  cluster.admin.send('POST', path, kubernetesProtobuf(apiVersion, kind, fields), PROTOBUF);

describe('a body in protocol buffers', () => {
  it('is read as the object', async () => {
    const entry = (key: string, value: string): ProtobufFields[number][1] => [
      [1, key],
      [2, value],
    ];
    const { status, body } = await post(project.core('configmaps'), 'v1', 'ConfigMap', [
      [
        1,
        [
          [1, 'plain'],
          [8, []],
          [11, entry('team', 'web')],
          [12, entry('example.com/a', '')],
        ],
      ],
      [2, entry('greeting', 'grüezi')],
      [2, entry('empty', '')],
      [3, entry('bytes', 'abc')],
    ]);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'plain', labels: { team: 'web' }, annotations: { 'example.com/a': '' } },
      data: { greeting: 'grüezi', empty: '' },
      binaryData: { bytes: 'YWJj' },
    });
  });

  it('is read with quantities, embedded fields and values that are zero', async () => {
    const secretKeyRef: ProtobufFields = [
      [1, [[1, 'keys']]],
      [2, 'KEY'],
    ];
    const container: ProtobufFields = [
      [1, 'runner'],
      [2, 'example/runner'],
      [
        7,
        [
          [1, 'KEY'],
          [3, [[4, secretKeyRef]]],
        ],
      ],
      [
        8,
        [
          [
            1,
            [
              [1, 'cpu'],
              [2, [[1, '500m']]],
            ],
          ],
        ],
      ],
    ];
    const volume: ProtobufFields = [
      [1, 'scratch'],
      [2, [[2, []]]],
    ];
    const template: ProtobufFields = [
      [1, []],
      [
        2,
        [
          [1, volume],
          [2, container],
          [3, 'Never'],
        ],
      ],
    ];
    const { status, body } = await post(project.jobs, 'batch/v1', 'Job', [
      meta('encoded'),
      [
        2,
        [
          [3, 7200],
          [7, 0],
          [10, 1],
          [6, template],
        ],
      ],
      [3, []],
    ]);
    expect(status).toBe(201);
    expect(body.spec).toMatchObject({ activeDeadlineSeconds: 7200, backoffLimit: 0, suspend: true });
    expect(body.spec.template.spec).toMatchObject({
      restartPolicy: 'Never',
      volumes: [{ name: 'scratch', emptyDir: {} }],
      containers: [
        {
          name: 'runner',
          env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'KEY' } } }],
          resources: { limits: { cpu: '500m' } },
        },
      ],
    });
  });

  it('can be that of a review or a token request', async () => {
    const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const attributes: ProtobufFields = [
      [1, project.name],
      [2, 'get'],
      [5, 'pods'],
    ];
    const reviewed = await post(review, 'authorization.k8s.io/v1', 'SelfSubjectAccessReview', [
      [1, []],
      [2, [[1, attributes]]],
    ]);
    expect(reviewed.body.status.allowed).toBe(true);
    await cluster.admin.create(project.core('serviceaccounts'), named('encoded'));
    const path = `${project.core('serviceaccounts')}/encoded/token`;
    const { body } = await post(path, 'authentication.k8s.io/v1', 'TokenRequest', [[2, [[4, 1200]]]]);
    expect(body.spec.expirationSeconds).toBe(1200);
  });

  it('can be that of the options of a deletion', async () => {
    await cluster.admin.create(project.core('configmaps'), named('deleted'));
    const path = `${project.core('configmaps')}/deleted`;
    const remove = (uid: string) =>
      cluster.admin.send(
        'DELETE',
        path,
        kubernetesProtobuf('v1', 'DeleteOptions', [[2, [[1, uid]]]]),
        PROTOBUF,
      );
    expect((await remove('another')).status).toBe(409);
    const { body } = await cluster.admin.get(path);
    expect((await remove(body.metadata.uid)).status).toBe(200);
  });

  it('is 400 if it is none', async () => {
    const whole = kubernetesProtobuf('v1', 'ConfigMap', [meta('cut')]);
    for (const bytes of [Buffer.from('nonsense'), whole.subarray(0, -8)]) {
      const { status } = await cluster.admin.send('POST', project.core('configmaps'), bytes, PROTOBUF);
      expect(status).toBe(400);
    }
  });
});

describe('a body in YAML', () => {
  it('is read as the object', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: written }\ndata:\n  a: "1"\n';
    const { status, body } = await cluster.admin.send('POST', project.core('configmaps'), yaml, {
      'content-type': 'application/yaml',
    });
    expect([status, body.data]).toEqual([201, { a: '1' }]);
  });
});
