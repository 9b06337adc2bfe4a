import { expect, it } from 'vitest';
import type { AnyObject } from '../../src/kubernetes/reader.ts';
import { snapshotPages } from '../../src/kubernetes/scan.ts';

it.each([
  [0, 500, [0]],
  [500, 500, [500]],
  [1_200, 500, [500, 500, 200]],
  [5, 2, [2, 2, 1]],
])(
  'a snapshot of %i objects is read %i at once, and others have their turn in between',
  async (count, size, pages) => {
    const objects = Array.from({ length: count }, () => ({}) as AnyObject);
    const steps: (number | 'turn')[] = [];
    const reader = { turn: async () => void steps.push('turn') };
    for await (const { items } of snapshotPages(reader, { objects, resourceVersion: '1' }, size)) {
      steps.push(items.length);
    }
    expect(steps).toEqual(pages.flatMap((length, index) => (index > 0 ? ['turn', length] : [length])));
  },
);
