import type { DocumentNode, GraphQLSchema, Source } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { CpuShares } from '../../budgets/cpu-shares.ts';
import { createDocumentChecks, type DocumentChecks } from '../document-checks.ts';
import type { ServerContext } from '../request-state.ts';

/**
 * Parses and validates all operations within limits. The cheap checks come first: the document's length before parsing;
 * its size with fragments expanded before validation, whose rules compare fields pairwise; then the variables; and last
 * the cost, which depends on their values.
 */
export function useLimits(checks: DocumentChecks = createDocumentChecks(), cpu?: CpuShares): Plugin {
  return {
    onParse: ({ context, setParseFn }) =>
      setParseFn((text: string | Source) => measure(context, () => checks.parse(text))),
    onValidate({ context, setValidationFn }) {
      const { params } = context as { params?: GraphQLParams };
      setValidationFn((schema: GraphQLSchema, document: DocumentNode) => {
        return measure(context, () => {
          const errors = checks.validate(schema, document);
          return errors.length > 0 ? errors : checks.validateInput(schema, document, params ?? {});
        });
      });
    },
  };

  function measure<T>(context: object, step: () => T): T {
    const { user } = (context as Partial<ServerContext>).state ?? {};
    return cpu && user !== undefined ? cpu.measure(user, step) : step();
  }
}
