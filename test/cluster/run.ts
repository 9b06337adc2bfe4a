import { spawn } from 'node:child_process';
import { once } from 'node:events';
import buildPrograms from '../deploy/global-setup.ts';
import config from './vitest.config.ts';

/**
 * `npm run test:cluster`. Projects have control planes of their own and wait for them most of the time, so they run side by side,
 * and the output of each is printed when it has ended. With arguments it is `vitest run` with them.
 */
/** It takes longer than the others together, so it runs in two shards. */
const LONGEST = 'writ';
const given = process.argv.slice(2);
if (given.length > 0) {
  process.exitCode = (await vitest(given, 'inherit')).code;
} else {
  await buildPrograms();
  const names = (config.test?.projects ?? []).flatMap((project) =>
    typeof project === 'object' && 'test' in project ? [String(project.test?.name)] : [],
  );
  const parts = names.flatMap((name) =>
    name === LONGEST
      ? [1, 2].map((shard) => ['--project', name, '--shard', `${shard}/2`])
      : [['--project', name]],
  );
  process.stdout.write(`Running side by side: ${parts.map((options) => options.join(' ')).join(', ')}\n`);
  const results = await Promise.all(parts.map(runPart));
  for (const { options, code, seconds } of results)
    process.stdout.write(`${options.join(' ')}: ${code === 0 ? 'passed' : 'FAILED'} after ${seconds} s\n`);
  process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
}

async function runPart(options: string[]) {
  const began = Date.now();
  const { code, output } = await vitest(options, 'pipe');
  process.stdout.write(output);
  return { options, code, seconds: Math.round((Date.now() - began) / 1000) };
}

async function vitest(options: string[], stdio: 'inherit' | 'pipe') {
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/cluster/vitest.config.ts', ...options],
    { stdio: ['ignore', stdio, stdio] },
  );
  const end = () => child.kill('SIGTERM');
  process.once('SIGTERM', end).once('SIGINT', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, output };
}
