import { findBinaries } from '../cluster/binaries.ts';
import { buildTools } from './go-tools.ts';

/** Builds what is missing before any test can wait for it. */
export default async function setUp(): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  await findBinaries(say);
  await buildTools(say);
}
