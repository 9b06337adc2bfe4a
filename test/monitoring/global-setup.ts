import { buildPrograms } from './programs.ts';

/** Builds what is missing before any test can wait for it. */
export default async function setUp(): Promise<void> {
  await buildPrograms((line) => process.stdout.write(`${line}\n`));
}
