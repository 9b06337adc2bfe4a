import { startSandbox } from '../src/sandbox/sandbox.ts';
import { announce } from './announce.ts';

/** Runs the sandbox in its own process. */
const sandbox = await startSandbox({ runner: false, demo: false });

process.on('message', () => {
  const count = (verb: string) => sandbox.requests.filter((each) => each.verb === verb).length;
  process.send?.({ watches: count('watch'), reviews: count('create'), requests: sandbox.requests.length });
});
announce(sandbox);
