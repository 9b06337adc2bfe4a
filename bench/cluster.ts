import { Agent, fetch } from 'undici';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { announce } from './announce.ts';

/** Runs the sandbox with many sessions in its own process. */
const SESSIONS = 1_000;

const sandbox = await startSandbox({ runner: false, demo: true });
const dispatcher = new Agent({ connect: { ca: sandbox.ca } });
for (let number = 0; number < SESSIONS; number += 1) {
  const response = await fetch(
    `${sandbox.server}/apis/vteam.ambient-code/v1alpha1/namespaces/demo/agenticsessions`,
    {
      method: 'POST',
      dispatcher,
      headers: {
        authorization: `Bearer ${sandbox.identities.admin.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        apiVersion: 'vteam.ambient-code/v1alpha1',
        kind: 'AgenticSession',
        metadata: { name: `bench-${String(number).padStart(4, '0')}`, labels: { bench: 'true' } },
        spec: {
          displayName: `Session ${number}`,
          initialPrompt: 'Read the code, find what is slow, and say why. '.repeat(4),
          llmSettings: { model: 'claude-sonnet-4-5', temperature: 0.2 },
          repos: [{ url: 'https://git.example.com/team/service.git', branch: 'main' }],
        },
      }),
    },
  );
  if (response.status !== 201)
    throw new Error(`the sandbox responded with ${response.status}: ${await response.text()}`);
}
announce(sandbox);
