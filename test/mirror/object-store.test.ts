import { describe, expect, it } from 'vitest';
import type { AnyObject } from '../../src/kubernetes/reader.ts';
import { ObjectStore } from '../../src/mirror/object-store.ts';

function object(metadata: Partial<AnyObject['metadata']> = {}, spec = {}): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'Session',
    metadata: { name: 'a', namespace: 'p', uid: 'u', resourceVersion: '1', ...metadata },
    spec,
  } as unknown as AnyObject;
}

describe('the objects of all mirrors', () => {
  it('are kept once by UID and version, until the last mirror releases them', () => {
    const store = new ObjectStore();
    const first = store.hold(object());
    const bytes = store.bytes;
    expect(bytes).toBeGreaterThan(0);
    const second = store.hold(object());
    expect(second.object).toBe(first.object);
    expect(store.bytes).toBe(bytes);
    store.release(first);
    expect(store.size).toBe(1);
    store.release(second);
    expect(store.size).toBe(0);
    expect(store.bytes).toBe(0);
  });

  it.each([{ uid: 'v' }, { resourceVersion: '2' }, { name: 'b' }, { namespace: 'q' }])(
    'are others with %j',
    (metadata) => {
      const store = new ObjectStore();
      const first = store.hold(object());
      expect(store.hold(object(metadata)).object).not.toBe(first.object);
      expect(store.size).toBe(2);
    },
  );
});
