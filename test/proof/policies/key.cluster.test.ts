import { describe, expect, it } from 'vitest';
import { CORE } from '../../support/objects.ts';
import { type AnyObject, type Client, merge, PROJECT, type Spoil, startPolicies } from './fixture.ts';

const ONLY_THIS = 'in its own namespace, Writ may only create the Secret writ-key';
// The policy on runs refuses these too, and may be quicker.
const OTHER_NAME = /^(in its own namespace, Writ may only create|objects that Writ writes in a project)/;
const FORM =
  'the Secret writ-key is Opaque and has one key of at least 32 bytes, and no labels, annotations, owners or finalizers';
const SYSTEM = 'writ-system';

describe('the policies of deploy/', () => {
  const { admin, asked, child } = startPolicies();

  describe('on the shared key', () => {
    /** As the controller creates it, under a name that no other test uses: the key itself may exist. */
    const secret = (spoil: Spoil = () => {}): AnyObject => {
      const object = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'writ-key', namespace: SYSTEM },
        type: 'Opaque',
        data: { key: Buffer.from('k'.repeat(44)).toString('base64') },
      };
      spoil(object);
      return object;
    };
    const create = async (who: Client, object: AnyObject, namespace = SYSTEM) => {
      await admin.delete(`${CORE(SYSTEM, 'secrets')}/writ-key`);
      return asked(who, 'POST', CORE(namespace, 'secrets'), object);
    };

    it('let the controller create it', async () => {
      expect(await create('controller', secret())).toBe('done');
    });

    it.each<[string, string | RegExp, Spoil]>([
      ['another name', OTHER_NAME, (it) => (it.metadata.name = 'writ-keys')],
      [
        'a generated name',
        OTHER_NAME,
        (it) => (it.metadata = { generateName: 'writ-key', namespace: SYSTEM }),
      ],
      ['the token of a service account', FORM, tokenOf('writ-api')],
      ['another type', FORM, (it) => (it.type = 'example.com/other')],
      ['no key', FORM, (it) => (it.data = {})],
      ['a short key', FORM, (it) => (it.data.key = Buffer.from('short').toString('base64'))],
      ['a second key', FORM, (it) => (it.data.previous = it.data.key)],
      ['a file more', FORM, (it) => (it.stringData = { other: 'x' })],
      ['a label', FORM, (it) => (it.metadata.labels = { a: 'b' })],
      ['an annotation', FORM, (it) => (it.metadata.annotations = { a: 'b' })],
      ['a finalizer', FORM, (it) => (it.metadata.finalizers = ['example.com/keep'])],
      ['an owner', FORM, owned],
      ['no way to change it', FORM, (it) => (it.immutable = true)],
    ])('refuse it with %s', async (_, message, spoil) => {
      expect(await create('controller', secret(spoil))).toMatch(message);
    });

    it('refuse every other Secret in the namespace, one of a run included', async () => {
      const run = child('Secret');
      const there = { ...run, metadata: { ...run.metadata, namespace: SYSTEM } };
      expect(await create('controller', there)).toBe(ONLY_THIS);
    });

    it("refuse it in a project, where it is no run's", async () => {
      const there = secret((it) => (it.metadata.namespace = PROJECT));
      expect(await create('controller', there, PROJECT)).toMatch(/^objects that Writ writes in a project/);
    });

    it('give the API, and the controller once it exists, no right to it', async () => {
      const path = `${CORE(SYSTEM, 'secrets')}/writ-key`;
      expect(await create('backend', secret())).toMatch(/^403 /);
      await admin.create(CORE(SYSTEM, 'secrets'), secret());
      for (const who of ['controller', 'backend'] as const) {
        expect(await asked(who, 'PATCH', path, {}, merge)).toMatch(/^403 /);
        expect(await asked(who, 'DELETE', path)).toMatch(/^403 /);
      }
      await admin.delete(path);
    });
  });
});

function owned(it: AnyObject): void {
  it.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'y' }];
}

/** Kubernetes would fill it with a token. */
function tokenOf(account: string): Spoil {
  return (it) => {
    it.type = 'kubernetes.io/service-account-token';
    it.metadata.annotations = { 'kubernetes.io/service-account.name': account };
  };
}
