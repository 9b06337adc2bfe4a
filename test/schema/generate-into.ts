import { generate } from '@graphql-codegen/cli';
import config from '../../codegen.ts';

/** The generated types, into another folder: to compare them with those that are committed. */
const [folder] = process.argv.slice(2);
const outputs = Object.entries(config.generates).map(([own, output]) => [`${folder}/${own}`, output]);
await generate({ ...config, generates: Object.fromEntries(outputs) }, true);
