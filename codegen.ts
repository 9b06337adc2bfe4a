import type { CodegenConfig } from '@graphql-codegen/cli';
import console from './console/codegen.ts';
import apollo from './examples/apollo/codegen.ts';

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  ignoreNoDocuments: true,
  generates: {
    'examples/generated/': {
      documents: ['examples/*.ts'],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        documentMode: 'string',
        enumsAsTypes: true,
        scalars: { DateTime: 'string', JSON: 'unknown' },
      },
    },
    ...apollo.generates,
    ...console.generates,
  },
  importExtension: '.ts',
};

export default config;
