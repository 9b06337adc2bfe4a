import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Who } from '../support/test-cluster.ts';
import type { Answer, startWrit } from '../support/writ.ts';

type Writ = ReturnType<typeof startWrit>;

/** Settings of a Writ that keeps mirrors: in tests it otherwise has none. */
export const MIRRORS = { WRIT_MIRROR_BYTES: '50000000' };

export const NEWEST = `query ($project: String!, $first: Int) {
  project(name: $project) {
    sessions(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { name displayName } totalCount resourceVersion }
  }
}`;

/** The collections of an answer that came from a mirror. */
export function mirrored({
  extensions,
}: Answer): { resource: string; namespace: string; resourceVersion: string }[] {
  return extensions?.mirror ?? [];
}

/** Reads a project as a frontend that keeps looking at it does, until the answers come from a mirror. */
export async function untilMirrored(writ: Writ, who: Who, project: string): Promise<void> {
  await eventually(async () => {
    const answer = await writ.as(who, NEWEST, { project });
    expect(answer.errors).toBeUndefined();
    expect(mirrored(answer)).toHaveLength(1);
  });
}
