import { describe, expect, it } from 'vitest';
import { encodeNodeId, parseNodeId } from '../../../src/graphql/relay/node-id.ts';

const idOf = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const session = { typename: 'AgenticSession', namespace: 'demo', name: 'fix-cart', uid: 'u-1' };
const ID = 'WyJBZ2VudGljU2Vzc2lvbiIsImRlbW8iLCJmaXgtY2FydCIsInUtMSJd';

describe('a global id', () => {
  it('is byte for byte what clients have stored', () => {
    expect(encodeNodeId(session)).toBe(ID);
    expect(parseNodeId(ID)).toEqual(session);
  });

  it.each([
    ['an object in a namespace', session],
    ['a cluster-scoped object', { typename: 'Project', namespace: '', name: 'demo', uid: 'u-1' }],
    ['a user without a UID', { typename: 'Viewer', namespace: '', name: 'system:admin', uid: '' }],
    ['a name beyond ASCII', { typename: 'Viewer', namespace: '', name: 'J\u00f6rg "\u{1f600}"', uid: 'u' }],
    ['an object in another cluster', { ...session, cluster: 'west' }],
    ['an object in a cluster without a name', { ...session, cluster: '' }],
  ])('leads back to its parts: %s', (_, nodeId) => {
    const id = encodeNodeId(nodeId);
    expect(id).toMatch(/^[\w-]+$/);
    expect(parseNodeId(id)).toEqual(nodeId);
  });

  it('of four parts has no cluster, and of five has one', () => {
    expect(parseNodeId(ID)).not.toHaveProperty('cluster');
    expect(parseNodeId(idOf(['Job', 'demo', 'a', 'u', 'west']))).toEqual({
      typename: 'Job',
      namespace: 'demo',
      name: 'a',
      uid: 'u',
      cluster: 'west',
    });
  });

  it.each([
    ['empty', ''],
    ['other text', 'garbage'],
    ['JSON that is not encoded', '["Job","demo","a","u"]'],
    ['a map', idOf({ typename: 'Job', namespace: 'demo', name: 'a', uid: 'u' })],
    ['text in JSON', idOf('Job')],
    ['null', idOf(null)],
    ['an empty list', idOf([])],
    ['three parts', idOf(['Job', 'demo', 'a'])],
    ['six parts', idOf(['Job', 'demo', 'a', 'u', 'west', 'x'])],
    ['a part that is a number', idOf(['Job', 'demo', 'a', 1])],
    ['a part that is null', idOf(['Job', 'demo', 'a', null])],
    ['a cluster that is null', idOf(['Job', 'demo', 'a', 'u', null])],
    ['a part that is a list', idOf(['Job', 'demo', ['a'], 'u'])],
    ['padded', `${ID}=`],
    ['followed by a space', `${ID} `],
    ['followed by a line break', `${ID}\n`],
    ['cut off', ID.slice(0, -1)],
    ['in standard base64', Buffer.from('["Job","demo","a","?>?>"]').toString('base64')],
    ['JSON with spaces', Buffer.from('["Job", "demo", "a", "u"]').toString('base64url')],
    ['JSON with escapes', Buffer.from('["\\u004aob","demo","a","u"]').toString('base64url')],
    ['a lone surrogate', Buffer.from('["Job","demo","\\ud800","u"]').toString('base64url').slice(0, -2)],
    ['not UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]).toString('base64url')],
  ])('is undefined if it is %s', (_, id) => {
    expect(parseNodeId(id)).toBeUndefined();
  });
});
