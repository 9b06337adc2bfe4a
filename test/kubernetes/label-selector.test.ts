import { beforeAll, describe, expect, it } from 'vitest';
import { parseLabelSelector } from '../../src/kubernetes/label-selector.ts';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const LABELS: Record<string, Record<string, string>> = {
  none: {},
  empty: { a: '' },
  b: { a: 'b' },
  c: { a: 'c', x: 'y' },
  prefixed: { 'example.com/a': 'b', in: 'in' },
};

describe('a label selector', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'labels');
    for (const [name, labels] of Object.entries(LABELS))
      await putSession(admin, 'labels', name, { metadata: { labels } });
  });

  it.each([
    'a',
    '!a',
    '! a',
    'a=',
    'a=b',
    'a = b',
    'a==b',
    'a!=b',
    'a!=',
    'a in (b)',
    'a in(b, c)',
    'a in ()',
    'a in (,b)',
    'a in (b,)',
    'a notin (b,c)',
    'a notin ()',
    'a,x=y',
    'a\t=\nb',
    'example.com/a=b',
    'example.com/a in (b),a notin (c)',
    'in=in',
    'in in (in)',
    'in notin (in)',
    'toString',
    '!constructor',
  ])('%j selects in memory what the cluster selects', async (selector) => {
    const path = `${SESSIONS('labels')}?labelSelector=${encodeURIComponent(selector)}`;
    const { status, body } = await admin.get(path);
    expect(status).toBe(200);
    const matches = parseLabelSelector(selector);
    expect(matches).toBeDefined();
    const selected = Object.keys(LABELS).filter((name) => matches?.(LABELS[name] ?? {}));
    expect(selected.sort()).toEqual(
      body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
    );
  });

  it.each([
    ',',
    'a,',
    'a b',
    'a=b c',
    'a=!b',
    'a in b',
    'a in (b',
    'a in (b c)',
    'a in (b))',
    'a in ((b))',
    'a..b/c=d',
    'a.-b/c',
    'a/b/c',
    '/a',
    'a=b\u00a0',
    'a\u000b=b',
    `${'a'.repeat(64)}`,
    `a=${'b'.repeat(64)}`,
    'a=-b',
    'a>1',
    Array.from({ length: 21 }, (_, n) => `a!=${n}`).join(','),
  ])('%j is left to the cluster', (selector) => {
    expect(parseLabelSelector(selector)).toBeUndefined();
  });
});

describe('a label selector that can be read in many ways', () => {
  // As a regular expression with backtracking, each of these takes longer than any test.
  it.each([
    ['empty values', `a in (b${', '.repeat(300)}%)`],
    ['spaces', `a in (${' '.repeat(900)}%)`],
    ['commas', `${','.repeat(900)}(`],
    ['a long prefix', `${'a.'.repeat(120)}%/b`],
    ['hyphens', `${'a-'.repeat(120)}/b`],
  ])('with %s costs no more than its length', (_, selector) => {
    expect(parseLabelSelector(selector)).toBeUndefined();
  });
});
