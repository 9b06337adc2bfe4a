import { type ClusterPageOptions, readClusterPage } from '../../../src/graphql/relay/cluster-page.ts';
import type { Position } from '../../../src/graphql/relay/cursor.ts';
import { parsePageRequest } from '../../../src/graphql/relay/page-request.ts';
import type { AnyObject } from '../../../src/kubernetes/reader.ts';
import { cursorsUnder, newKey } from '../../support/key-file.ts';
import type { ScriptedList } from './scripted-list.ts';

const SELECTION = { namespace: 'demo' };
const cursors = cursorsUnder(newKey(), 'alice');

type Arguments = { first?: number; after?: string | null };
type Options = Partial<ClusterPageOptions<AnyObject>>;

/** Reads a page. By default it is what one call gives. */
export function readPage(list: ScriptedList, { first = 10, after }: Arguments, options: Options = {}) {
  return readClusterPage<AnyObject>(parsePageRequest({ first, after }, SELECTION, { cursors }), {
    list: list.list,
    shouldContinue: () => false,
    ...options,
  });
}

export const cursorAt = (position: Position) => cursors.encode(position, SELECTION);
export const positionAt = (cursor: string | null) => cursors.decode(cursor ?? '', SELECTION);
export const letters = (text: string) => text.split('');
export const nameOf = ({ metadata }: AnyObject) => metadata.name;
export const namesOf = ({ edges }: { edges: { node: AnyObject }[] }) =>
  edges.map(({ node }) => nameOf(node)).join('');
export const always = () => true;
