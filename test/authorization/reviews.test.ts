import { describe, expect, it } from 'vitest';
import { reviewAccess, reviewSubject } from '../../src/authorization/reviews.ts';
import { toReviewAttributes } from '../../src/kubernetes/resource-attributes.ts';
import { scriptedUser } from './scripted-user.ts';

const pods = { group: '', resource: 'pods' };
const namespaces = { group: '', resource: 'namespaces' };
const accounts = { group: '', resource: 'serviceaccounts' };

describe('the attributes of a review', () => {
  it.each([
    ['an object', { verb: 'get', ...pods, namespace: 'demo', name: 'a' }],
    ['a collection', { verb: 'list', ...pods, namespace: 'demo' }],
    ['all namespaces', { verb: 'list', ...pods }],
    ['a subresource', { verb: 'get', ...pods, subresource: 'log', namespace: 'demo', name: 'a' }],
    [
      'a subresource that is created',
      { verb: 'create', ...accounts, subresource: 'token', namespace: 'demo', name: 'a' },
    ],
    ['all namespace objects', { verb: 'list', ...namespaces }],
    [
      'a namespaces resource of another group',
      { verb: 'get', group: 'example.org', resource: 'namespaces', name: 'a' },
    ],
  ])('are those of the request: %s', (_, attributes) => {
    expect(toReviewAttributes(attributes)).toEqual(attributes);
  });

  it.each([
    [
      'a create has no name',
      { verb: 'create', ...pods, namespace: 'demo', name: 'a' },
      { verb: 'create', ...pods, namespace: 'demo' },
    ],
    [
      'a deletecollection has no name',
      { verb: 'deletecollection', ...pods, namespace: 'demo', name: 'a' },
      { verb: 'deletecollection', ...pods, namespace: 'demo' },
    ],
    [
      'a namespace is in itself',
      { verb: 'delete', ...namespaces, name: 'demo' },
      { verb: 'delete', ...namespaces, namespace: 'demo', name: 'demo' },
    ],
    [
      'a namespace is in no other',
      { verb: 'delete', ...namespaces, namespace: 'research', name: 'demo' },
      { verb: 'delete', ...namespaces, namespace: 'demo', name: 'demo' },
    ],
    [
      'a namespace that is created is in none',
      { verb: 'create', ...namespaces, namespace: 'demo', name: 'demo' },
      { verb: 'create', ...namespaces },
    ],
    [
      'what is empty is absent',
      { verb: 'get', ...pods, subresource: '', namespace: '', name: '' },
      { verb: 'get', ...pods },
    ],
  ])('are those that the API server would see: %s', (_, attributes, reviewed) => {
    const sent = toReviewAttributes(attributes);
    expect(sent).toEqual(reviewed);
    expect(Object.keys(sent).sort()).toEqual(Object.keys(reviewed).sort());
  });

  it('are sent with the review', async () => {
    const { user, asked } = scriptedUser({ access: () => ({ allowed: true }) });
    await reviewAccess(user, { verb: 'create', ...pods, namespace: 'demo', name: 'a' }, 'display');
    expect(asked).toEqual(['create pods in demo']);
  });
});

describe('a subject', () => {
  it.each([
    [
      'as the cluster says',
      { username: 'alice', uid: 'u-1', groups: ['a', 'b'], extra: { scopes: ['x'] } },
      { username: 'alice', uid: 'u-1', groups: ['a', 'b'] },
    ],
    ['without a UID or groups', { username: 'alice' }, { username: 'alice', uid: '', groups: [] }],
  ])('is %s', async (_, userInfo, subject) => {
    const { user } = scriptedUser({ subject: () => ({ userInfo }) });
    expect(await reviewSubject(user)).toEqual(subject);
  });
});
