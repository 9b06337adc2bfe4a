import { readFileSync } from 'node:fs';

/** The suite is meant for the Node that the project pins; `npm test` runs on it, a global vitest may not. */
export default function requireNode(): void {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [wanted] = devDependencies.node.split('.');
  const [major] = process.versions.node.split('.');
  if (major !== wanted)
    throw new Error(`Node ${wanted} is needed, this is ${process.versions.node}: use npm test`);
}
