import type { GraphQLSchema } from 'graphql';
import type { CpuShares } from '../../budgets/cpu-shares.ts';
import { createDocumentChecks, type DocumentChecks, type Limits } from '../document-checks.ts';
import { checkOperations } from './check-operations.ts';
import { createDocumentResolver, type OperationRules, type ResolveDocument } from './document-resolver.ts';

interface AcceptedOperationsOptions {
  schema: GraphQLSchema;
  limits?: Partial<Limits>;
  /** Absent: all operations are executed that are sent as a document. */
  operations?: OperationRules;
  cpu?: CpuShares;
}

interface AcceptedOperations {
  checks: DocumentChecks;
  resolve: ResolveDocument;
}

/**
 * Which operations the server executes. The listed ones have passed all checks but those of variables. Errors: an Error for
 * the administrator that names each listed operation which is invalid.
 */
export function createAcceptedOperations({
  schema,
  limits,
  operations = { adHoc: true, introspection: true },
  cpu,
}: AcceptedOperationsOptions): AcceptedOperations {
  const { introspection } = operations;
  const listed = operations.list?.operations ?? [];
  const checks = createDocumentChecks(limits, {
    introspection,
    listed: new Set(listed.map(({ text }) => text)),
  });
  checkOperations(listed, schema, checks);
  return { checks, resolve: createDocumentResolver({ ...operations, parse: checks.parse, cpu }) };
}
