import { expect, it } from 'vitest';
import type { CronJob } from '../../src/kubernetes/resources.ts';
import { ownerProblem, readOwner } from '../../src/model/schedule-owner.ts';

const OWNER = {
  username: 'alice',
  uid: 'u-1',
  groups: ['system:authenticated'],
  extra: { 'example.com/scopes': ['a'] },
  reviewedAt: '2026-03-02T06:00:00Z',
};
const NOW = Date.parse('2026-04-01T06:00:00Z');

function recorded(text: string | undefined): CronJob {
  const annotations = text === undefined ? {} : { 'ambient-code.io/schedule-owner': text };
  return { metadata: { annotations } } as unknown as CronJob;
}
const problemOf = (text: string | undefined, maxAgeDays = 90) =>
  ownerProblem(readOwner(recorded(text)), maxAgeDays, NOW);

it('an owner is read as it was recorded', () => {
  expect(readOwner(recorded(JSON.stringify(OWNER)))).toEqual(OWNER);
  expect(problemOf(JSON.stringify(OWNER))).toBeUndefined();
});

it.each([
  ['none', undefined],
  ['no JSON', '{'],
  ['no object', '"alice"'],
  ['a list', '[]'],
  ['no username', JSON.stringify({ ...OWNER, username: '' })],
  ['a username that is no text', JSON.stringify({ ...OWNER, username: ['alice'] })],
  ['no UID', JSON.stringify({ ...OWNER, uid: undefined })],
  ['no groups', JSON.stringify({ ...OWNER, groups: undefined })],
  ['groups that are no list', JSON.stringify({ ...OWNER, groups: 'system:masters' })],
  ['attributes that are no lists', JSON.stringify({ ...OWNER, extra: { a: 'b' } })],
  ['no time', JSON.stringify({ ...OWNER, reviewedAt: undefined })],
  ['a time that is none', JSON.stringify({ ...OWNER, reviewedAt: 'today' })],
  ['a field that nobody knows', JSON.stringify({ ...OWNER, admin: true })],
  ['a long text', JSON.stringify({ ...OWNER, username: 'x'.repeat(300_000) })],
])('a record with %s is malformed', (_, text) => {
  expect(problemOf(text)).toMatch(/missing or malformed/);
});

it('a record that is too old, or of the future, is no owner any more', () => {
  expect(problemOf(JSON.stringify(OWNER), 30)).toBeUndefined();
  expect(problemOf(JSON.stringify(OWNER), 29)).toMatch(/more than 29 days ago/);
  expect(problemOf(JSON.stringify({ ...OWNER, reviewedAt: '2027-01-01T00:00:00Z' }))).toMatch(/future/);
});
