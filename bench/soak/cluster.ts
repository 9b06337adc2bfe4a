import { startSandbox } from '../../src/sandbox/sandbox.ts';

/** Runs the sandbox, with its runner, in its own process. It sends its address to its parent by IPC, and exits with it. */
const sandbox = await startSandbox({ demo: false });

process.on('disconnect', () => process.exit());
process.send?.({
  server: sandbox.server,
  ca: sandbox.ca,
  kubeconfig: sandbox.kubeconfig(),
  token: sandbox.identities.alice.token,
  admin: sandbox.identities.admin.token,
});
