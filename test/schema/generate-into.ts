import { generate } from '@graphql-codegen/cli';
import config from '../../codegen.ts';

/** The generated types, into another folder: to compare them with those that are committed. */
const [folder] = process.argv.slice(2);
const [[, output]] = Object.entries(config.generates) as [[string, (typeof config.generates)[string]]];
await generate({ ...config, generates: { [`${folder}/`]: output } }, true);
