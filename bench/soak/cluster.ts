import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { announce } from '../announce.ts';

/** Runs the sandbox, with its runner, in its own process. */
const sandbox = await startSandbox({ demo: false });

announce(sandbox);
