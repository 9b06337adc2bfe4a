import { encodeNodeId } from './node-id.ts';

export function viewerNodeId({ username, uid }: { username: string; uid: string }): string {
  return encodeNodeId({ kind: 'Viewer', namespace: '', name: username, uid });
}
