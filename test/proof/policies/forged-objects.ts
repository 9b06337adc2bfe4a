import type { RunKind } from '../../controller/fixture.ts';
import { type Spoil, unread } from './fixture.ts';

/** Of an object of a run: how it is spoilt, and with which words it is refused then. */
export type Forgery = [kind: RunKind, what: string, spoil: Spoil, refused: RegExp];

export const forge = (kind: RunKind, refused: RegExp, spoilt: [string, Spoil][]): Forgery[] =>
  spoilt.map(([what, spoil]) => [kind, what, spoil, refused]);

// Kubernetes' own refusal of blockOwnerDeletion may be quicker.
export const OWNED = /^(objects that Writ writes in a project have one owner|403 .* blockOwnerDeletion)/;

const annotated =
  (annotations: object): Spoil =>
  ({ metadata }) =>
    Object.assign(metadata.annotations, annotations);

/** What belongs to a run beside its pod. */
export const FORGED_OBJECTS: Forgery[] = [
  ...(['Secret', 'ServiceAccount', 'Role', 'Job'] as const).flatMap((kind) => [
    ...forge(kind, OWNED, [
      ['without an owner', ({ metadata }) => delete metadata.ownerReferences],
      ['of another name', ({ metadata }) => Object.assign(metadata, { name: 'agent' })],
      [
        'with a name around the UID',
        ({ metadata }) => Object.assign(metadata, { name: `my-${metadata.name}` }),
      ],
      [
        'of a number that the controller would not read',
        ({ metadata }) => Object.assign(metadata, { name: unread(metadata.name) }),
      ],
      [
        "whose owner's UID is a part of one",
        ({ metadata: { ownerReferences } }) =>
          Object.assign(ownerReferences[0], { uid: ownerReferences[0].uid.slice(0, 8) }),
      ],
      [
        'of two owners',
        ({ metadata }) =>
          metadata.ownerReferences.push({ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' }),
      ],
      [
        'whose owner is no session',
        ({ metadata }) => Object.assign(metadata.ownerReferences[0], { kind: 'ProjectSettings' }),
      ],
      [
        'that keeps its session from being deleted',
        ({ metadata }) => Object.assign(metadata.ownerReferences[0], { blockOwnerDeletion: true }),
      ],
    ]),
    ...forge(kind, /^Writ sets no finalizers on objects of a run$/, [
      [
        'that outlives its session',
        ({ metadata }) => Object.assign(metadata, { finalizers: ['writ.test/hold'] }),
      ],
    ]),
  ]),
  ...forge('Secret', /^Writ annotates the Secret and the service account/, [
    [
      "that another project's Secret is copied to",
      annotated({ 'replicator.v1.mittwald.de/replicate-from': 'other/secret' }),
    ],
  ]),
  ...forge('Secret', /^the Secret of a run is Opaque/, [
    [
      "that Kubernetes would fill with another account's token",
      (secret) => {
        secret.type = 'kubernetes.io/service-account-token';
        secret.data = {};
        secret.metadata.annotations['kubernetes.io/service-account.name'] = 'default';
      },
    ],
    ['with other data than a token', (secret) => Object.assign(secret, { data: { password: 'eA==' } })],
    [
      'with other text than a token',
      (secret) => Object.assign(secret, { stringData: { token: 'x', b: 'x' } }),
    ],
  ]),
  ...forge('ServiceAccount', /^Writ annotates the Secret and the service account/, [
    ['with a role at AWS', annotated({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/admin' })],
    ['with one at Google', annotated({ 'iam.gke.io/gcp-service-account': 'a@b.iam.gserviceaccount.com' })],
  ]),
  ...forge('ServiceAccount', /^the service account of a run is annotated with the UID/, [
    ['that names no Secret', ({ metadata }) => delete metadata.annotations['ambient-code.io/secret-uid']],
    ['that names something else', annotated({ 'ambient-code.io/secret-uid': '../x' })],
  ]),
  ...forge('ServiceAccount', /^the service account of a run does not have its token mounted/, [
    ['with its token mounted', (account) => Object.assign(account, { automountServiceAccountToken: true })],
    ['that leaves that to its pods', (account) => delete account.automountServiceAccountToken],
    ['with Secrets', (account) => Object.assign(account, { secrets: [{ name: 'a' }] })],
    ['with pull secrets', (account) => Object.assign(account, { imagePullSecrets: [{ name: 'a' }] })],
  ]),
  ...forge('Role', /^the Role of a run allows/, [
    ['with a second rule', ({ rules }) => rules.push(structuredClone(rules[0]))],
    ['on all sessions', ({ rules }) => delete rules[0].resourceNames],
    ["on another's session", ({ rules }) => Object.assign(rules[0], { resourceNames: ['other'] })],
  ]),
];
