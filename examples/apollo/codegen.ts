import { addTypenameToDocument } from '@apollo/client/utilities';
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  generates: {
    'examples/apollo/generated/': {
      documents: ['examples/apollo/*.ts'],
      preset: 'client',
      // Also writes persisted-documents.json, and the hash of each operation into its document.
      presetConfig: { fragmentMasking: false, persistedDocuments: true },
      // Writ executes what was hashed, so that has to be what Apollo Client would send.
      documentTransforms: [
        {
          transform: ({ documents }) =>
            documents.map(({ document, ...file }) => ({
              ...file,
              ...(document && { document: addTypenameToDocument(document) }),
            })),
        },
      ],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        // Apollo Client selects `__typename` everywhere but in the operation itself.
        nonOptionalTypename: true,
        skipTypeNameForRoot: true,
        scalars: { DateTime: 'string', JSON: 'unknown' },
      },
    },
  },
  importExtension: '.ts',
};

export default config;
