import { hash } from 'node:crypto';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { CpuShares } from '../../budgets/cpu-shares.ts';
import { Forbidden } from '../../errors.ts';
import { badRequest } from '../bad-request.ts';
import { consistencyOf } from '../mirror-extension.ts';
import type { ServerContext } from '../request-state.ts';
import type { AutomaticQueries } from './automatic-queries.ts';
import { documentIdOf, hasDocumentId, type SentParams } from './document-id.ts';
import type { OperationList } from './operation-list.ts';

export interface OperationRules {
  /** Absent: there is no list. */
  list?: OperationList | undefined;
  /** Who may send operations that are not listed: everyone, no one, or members of these groups, as the cluster names them. */
  adHoc: boolean | readonly string[];
  /** Absent: clients register no operations. */
  automatic?: AutomaticQueries | undefined;
  /** Whether clients may read the schema. */
  introspection: boolean;
}

interface ResolverOptions extends Omit<OperationRules, 'introspection'> {
  /** Parses within the limits of a document. */
  parse(text: string): DocumentNode;
  cpu?: CpuShares | undefined;
}

type Caller = Pick<ServerContext, 'state'>;

/** The parameters of an operation, with its document if it may be executed. */
export type ResolveDocument = <Params extends SentParams>(
  params: Params,
  caller: Caller,
) => Omit<Params, 'documentId'>;

/**
 * Finds the document that a client names by its hash, and refuses one that is neither listed nor allowed as an ad-hoc
 * operation. It comes after the caller's identity, for every transport alike. A listed document is executed as it is
 * listed, not as it was sent.
 *
 * Errors: PERSISTED_QUERY_NOT_FOUND, after which clients send the document; PERSISTED_QUERY_NOT_SUPPORTED, after which they
 * send no more hashes; FORBIDDEN with the reason OperationNotListed; BAD_REQUEST.
 */
export function createDocumentResolver({
  list,
  adHoc,
  automatic,
  parse,
  cpu,
}: ResolverOptions): ResolveDocument {
  const groups = typeof adHoc === 'boolean' ? undefined : new Set(adHoc);
  return (params, caller) => {
    const { documentId: _, ...others } = params;
    caller.state.consistency = consistencyOf(params.extensions);
    const query = documentOf(params, caller);
    return query === undefined ? others : { ...others, query };
  };

  /** Undefined: the document is the one that was sent, or there is none, which is refused later. */
  function documentOf(params: SentParams, caller: Caller): string | undefined {
    const { query } = params;
    const isNamed = hasDocumentId(params);
    if (!list && !automatic) {
      if (isNamed && !query) throw persistedQueryError('NotSupported');
      return undefined;
    }
    const id = documentIdOf(params);
    if (id !== undefined && !query) return named(id, caller);
    return typeof query === 'string' && query !== ''
      ? measure(caller, () => sent(query, id, caller))
      : undefined;
  }

  function named(id: string, { state }: Caller): string {
    const listed = list?.byId(id);
    if (listed !== undefined) return listed;
    const registered = mayBeAdHoc(state) ? automatic?.find(state.user ?? '', id) : undefined;
    if (registered === undefined) throw persistedQueryError('NotFound');
    state.isAdHoc = list !== undefined;
    return registered;
  }

  function sent(query: string, id: string | undefined, { state }: Caller): string {
    const sha256 = hash('sha256', query);
    const listed = list?.byText(query) ?? listedLike(query);
    if (id !== undefined && id !== sha256 && (listed === undefined || list?.byId(id) !== listed)) {
      throw badRequest('The hash or id is not that of the document');
    }
    if (listed !== undefined) return listed;
    if (!mayBeAdHoc(state)) throw notListed();
    state.isAdHoc = list !== undefined;
    if (id === sha256) automatic?.register(state.user ?? '', sha256, query);
    return query;
  }

  function listedLike(query: string): string | undefined {
    try {
      return list?.byDocument(parse(query));
    } catch {
      // What is wrong with it is said when it is executed.
      return undefined;
    }
  }

  function mayBeAdHoc({ groups: own = [] }: Caller['state']): boolean {
    return groups ? own.some((group) => groups.has(group)) : adHoc === true;
  }

  function measure<T>({ state: { user } }: Caller, step: () => T): T {
    return cpu && user !== undefined ? cpu.measure(user, step) : step();
  }
}

/** Clients recognize both errors by their code or by their message. */
function persistedQueryError(problem: 'NotFound' | 'NotSupported'): GraphQLError {
  const code = problem === 'NotFound' ? 'PERSISTED_QUERY_NOT_FOUND' : 'PERSISTED_QUERY_NOT_SUPPORTED';
  return new GraphQLError(`PersistedQuery${problem}`, { extensions: { code } });
}

function notListed(): Forbidden {
  return new Forbidden('The operation is not one of those that this server accepts', {
    reason: 'OperationNotListed',
    hint: 'Send an operation of the list that the server was given, by its text, its hash or its documentId',
  });
}
