import { GraphQLError, type ValidationRule } from 'graphql';

const FIELDS = ['__schema', '__type'];

/** A rule by which introspection is invalid, whatever its alias. `__typename` is valid: clients with a cache need it. */
export const forbidIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (!FIELDS.includes(node.name.value)) return;
    context.reportError(
      new GraphQLError('Introspection is switched off: the schema is in schema/schema.graphql of Writ', {
        nodes: node,
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason: 'IntrospectionDisabled' },
      }),
    );
  },
});
