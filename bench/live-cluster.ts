import { startSandbox } from '../src/sandbox/sandbox.ts';

/** Runs the sandbox in its own process. It sends its address to its parent by IPC, and exits with it. */
const sandbox = await startSandbox({ runner: false, demo: false });

process.on('disconnect', () => process.exit());
process.on('message', () => {
  const count = (verb: string) => sandbox.requests.filter((each) => each.verb === verb).length;
  process.send?.({ watches: count('watch'), reviews: count('create'), requests: sandbox.requests.length });
});
process.send?.({
  server: sandbox.server,
  ca: sandbox.ca,
  kubeconfig: sandbox.kubeconfig(),
  token: sandbox.identities.alice.token,
  admin: sandbox.identities.admin.token,
});
