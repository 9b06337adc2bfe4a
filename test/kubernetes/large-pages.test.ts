import { describe, expect, it } from 'vitest';
import { TIMINGS } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { large, pagesOf, pod, startScriptedCluster } from './scripted-cluster.ts';

describe('a list whose pages are too large', () => {
  const { cluster, transports, following, watchesSeen } = startScriptedCluster();
  const pagesSeen = () =>
    cluster.seen
      .filter((url) => !url.searchParams.has('watch'))
      .map(({ searchParams }) => `${searchParams.get('limit')} from ${searchParams.get('continue') ?? 0}`);

  it('asks for fewer objects from the same place where a page is too large, and for more again behind it', async () => {
    const pods = Array.from({ length: 20 }, (_, index) => pod(`pod-${index}`, index));
    for (const index of [4, 5]) pods[index] = pod(`pod-${index}`, index, large(60_000));
    cluster.lists = [pagesOf(pods)];
    await following(
      async (told, _, problems) => {
        await eventually(() => expect(watchesSeen()).toHaveLength(1));
        expect(told).toEqual(
          pods.map(({ metadata }) => `ADDED ${metadata.name}@${metadata.resourceVersion}`),
        );
        expect(pagesSeen()).toEqual([
          '8 from 0',
          '2 from 0',
          '4 from 2',
          '1 from 2',
          '2 from 3',
          '4 from 5',
          '8 from 9',
          '8 from 17',
        ]);
        expect(problems).toEqual([]);
      },
      { timings: { ...TIMINGS.watch, pageSize: 8 } },
    );
  });

  it('reads no page of more than 4 MiB, whatever may be read, but of an object alone', async () => {
    cluster.lists = [pagesOf([pod('a', 1, large(5_000_000)), pod('b', 2, large(9_000_000))])];
    await following(
      async (told) => {
        await eventually(() => expect(watchesSeen()).toHaveLength(1));
        expect(told).toEqual(['ADDED a@1', 'ADDED b@2']);
        expect(pagesSeen()).toEqual(['3 from 0', '1 from 0', '2 from 1', '1 from 1']);
      },
      { transport: transports().roomy },
    );
  });

  it('says so where an object is too large by itself, and asks again', async () => {
    cluster.lists = [pagesOf([pod('a', 1, large(200_000))])];
    await following(async (told, watch, problems) => {
      await eventually(() => expect(problems.length).toBeGreaterThan(1));
      expect(new Set(problems)).toEqual(
        new Set(["pods: The cluster's response is larger than 100000 bytes"]),
      );
      expect(pagesSeen().slice(0, 4)).toEqual(['3 from 0', '1 from 0', '3 from 0', '1 from 0']);
      expect(told).toEqual([]);
      await eventually(() => expect(watch.isHealthy).toBe(false));
    });
  });
});
