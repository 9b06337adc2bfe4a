import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import { findChromium, launchChromium } from '../test/support/browser.ts';
import { connect, follow, kubernetes } from './live-clients.ts';

/**
 * The console in Chromium, on the sandbox: its size, the times until something and until the list is shown, frames while 5,000
 * sessions are scrolled, the time from a change to the screen of another person (and to a subscriber without a browser, in the
 * same run), and the requests of an idle tab.
 */
const LOADS = 9;
const SESSIONS = 5_000;
const CHANGES = 200;
const SCROLL_MS = 10_000;
const IDLE_MS = 60_000;

const say = (text: string) => process.stdout.write(`${text}\n`);
const executable = findChromium();
if (!executable) throw new Error('chromium is not on the PATH; the variable CHROMIUM can name it');

const writ = await startWrit();
const browser = await launchChromium(executable);
try {
  sizes();
  await loads();
  await scrolling();
  await changes();
  await idle();
} finally {
  await browser.close();
  writ.stop();
}
process.exit();

function sizes(): void {
  const { files } = JSON.parse(readFileSync('console/dist/console.json', 'utf8'));
  for (const encoding of ['brotli', 'gzip'] as const) {
    const bytes = Object.values<Record<string, string>>(files)
      .map((file) => Buffer.from(file[encoding] ?? '', 'base64').length)
      .reduce((sum, length) => sum + length, 0);
    say(`all files with ${encoding}: ${(bytes / 1_000).toFixed(1)} kB`);
  }
}

/** From the request of the page, with nothing cached: until something is painted, and until the first session is shown. */
async function loads(): Promise<void> {
  const [paints, lists]: [number[], number[]] = [[], []];
  for (let load = 0; load < LOADS; load += 1) {
    const page = await open('projects/demo');
    await listShown(page);
    const [paint, list] = (await page.evaluate(
      `[performance.getEntriesByName('first-contentful-paint')[0].startTime, window.listShownAt]`,
    )) as [number, number];
    paints.push(paint);
    lists.push(list);
    await page.context().close();
  }
  say(
    `first paint: median ${median(paints)} ms (${range(paints)}); list of a project shown: median ${median(lists)} ms (${range(lists)})`,
  );
}

/** A new page that becomes this person as soon as it can, and notes when the first row of a list is in the document. */
async function open(path: string, who = 'alice'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  await context.addInitScript(`new MutationObserver(() => {
    const person = [...document.querySelectorAll('main button')].find(({ textContent }) => textContent.startsWith('${who}'));
    if (person && !window.isPicked) { window.isPicked = true; person.click(); }
    if (document.querySelector('[role=row] a')) window.listShownAt ??= performance.now();
  }).observe(document, { childList: true, subtree: true });`);
  const page = await context.newPage();
  await page.goto(new URL(`console/${path}`, writ.url).href);
  return page;
}

function listShown(page: Page): Promise<void> {
  return page.locator('[role=row] a').first().waitFor();
}

/** The intervals between frames while the list is scrolled from its beginning, by a screen in 16 frames. */
async function scrolling(): Promise<void> {
  const page = await open('projects/many?order=name', 'admin');
  await page.getByText(`${SESSIONS} sessions`).waitFor();
  const frames = (await page.evaluate(`new Promise((resolve) => {
    const viewport = document.querySelector('[role=grid]');
    const intervals = [];
    let last = performance.now();
    const end = last + ${SCROLL_MS};
    requestAnimationFrame(function frame(now) {
      intervals.push(now - last);
      last = now;
      viewport.scrollBy(0, 45);
      if (now < end) requestAnimationFrame(frame);
      else resolve({ intervals, scrolled: viewport.scrollTop });
    });
  })`)) as { intervals: number[]; scrolled: number };
  const { intervals, scrolled } = frames;
  const slow = intervals.filter((interval) => interval > 34).length;
  say(
    `${SESSIONS} sessions scrolled by ${Math.round(scrolled / 57)} rows in ${SCROLL_MS / 1_000} s: ${intervals.length} frames, p50 ${quantile(intervals, 0.5)} ms, p99 ${quantile(intervals, 0.99)} ms, longest ${Math.max(...intervals).toFixed(0)} ms; longer than two frames: ${slow}`,
  );
  await page.context().close();
}

/** One person renames sessions in one browser; another sees it, and so does a subscriber without a browser. */
async function changes(): Promise<void> {
  const [actor, watcher] = [await open('projects/demo'), await open('projects/demo')];
  for (const page of [actor, watcher]) await listShown(page);
  await watcher.evaluate(`window.seen = {};
    new MutationObserver(() => {
      const [shown] = document.querySelector('[role=grid]').textContent.match(/changed-\\d+/) ?? [];
      if (shown) window.seen[shown] ??= Date.now();
    }).observe(document.querySelector('[role=grid]'), { childList: true, subtree: true, characterData: true });`);
  const client = connect(writ.url, writ.tokens.alice ?? '');
  const received = new Map<string, number>();
  const end = await follow(client, 'demo', ({ session }) => {
    if (session?.displayName && !received.has(session.displayName))
      received.set(session.displayName, Date.now());
  });
  await delay(1_000);
  const sent = new Map<string, number>();
  for (let number = 0; number < CHANGES; number += 1) {
    const displayName = `changed-${number}`;
    sent.set(displayName, await rename(actor, displayName));
    await delay(60);
  }
  await delay(1_000);
  const seen = new Map(Object.entries((await watcher.evaluate('window.seen')) as Record<string, number>));
  const [toScreen, toSubscriber] = [seen, received].map((times) =>
    [...sent].flatMap(([name, at]) => (times.has(name) ? [(times.get(name) ?? 0) - at] : [])),
  ) as [number[], number[]];
  for (const [who, times] of Object.entries({
    'the screen of another person': toScreen,
    'a subscriber': toSubscriber,
  }))
    say(
      `from a mutation's request to ${who}: p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms (${times.length} of ${CHANGES})`,
    );
  say(`screen / subscriber: ${(Number(median(toScreen)) / Number(median(toSubscriber))).toFixed(2)}`);
  end();
  await client.dispose();
  await Promise.all([actor, watcher].map((page) => page.context().close()));
}

/** As the console does it. Returns when the request was sent. */
async function rename(page: Page, displayName: string): Promise<number> {
  const query = `mutation ($input: UpdateSessionInput!) { updateSession(input: $input) { session { id } } }`;
  const body = JSON.stringify({
    query,
    variables: { input: { project: 'demo', name: 'fix-cart-rounding', displayName } },
  });
  return (await page.evaluate(
    async ([url, token, text]) => {
      const at = Date.now();
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(url ?? '', { method: 'POST', headers, body: text ?? '' });
      const { errors } = await response.json();
      if (errors) throw new Error(JSON.stringify(errors));
      return at;
    },
    [writ.url, writ.tokens.alice, body],
  )) as number;
}

/** A list that is open, and that nobody changes. */
async function idle(): Promise<void> {
  const page = await open('projects/many', 'admin');
  await listShown(page);
  await delay(2_000);
  let requests = 0;
  const count = ({ url }: { url: () => string }) => {
    if (!url().startsWith('data:')) requests += 1;
  };
  page.on('request', count);
  page.on('websocket', count);
  await delay(IDLE_MS);
  say(`an idle tab: ${requests} requests in ${IDLE_MS / 1_000} s`);
  await page.context().close();
}

/** Writ on a sandbox whose only changes are those of this program. */
async function startWrit() {
  const directory = mkdtempSync(join(tmpdir(), 'writ-bench-console-'));
  const child = spawn(process.execPath, [resolve('src/main.ts'), 'sandbox'], {
    cwd: directory,
    env: { ...process.env, WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_SANDBOX_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise, resolve: found } = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [url] = /http:\S+\/graphql/.exec(line) ?? [];
    if (url) found(url);
  });
  const url = await promise;
  const kubeconfig = parse(readFileSync(join(directory, '.sandbox/kubeconfig'), 'utf8'));
  const { server, 'certificate-authority-data': ca } = kubeconfig.clusters[0].cluster;
  const tokens = Object.fromEntries(
    kubeconfig.users.map(({ name, user }: { name: string; user: { token: string } }) => [name, user.token]),
  ) as Record<string, string>;
  const cluster = { server, ca: Buffer.from(ca, 'base64').toString(), admin: tokens.admin ?? '' };
  await putSessions(cluster);
  return {
    url,
    tokens,
    stop() {
      child.kill('SIGTERM');
      rmSync(directory, { recursive: true });
    },
  };
}

async function putSessions(cluster: Parameters<typeof kubernetes>[0]): Promise<void> {
  const { call } = kubernetes(cluster);
  const labels = { 'ambient-code.io/managed': 'true' };
  await call('POST', '/api/v1/namespaces', { metadata: { name: 'many', labels } });
  const path = '/apis/vteam.ambient-code/v1alpha1/namespaces/many/agenticsessions';
  for (let from = 0; from < SESSIONS; from += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const name = `session-${String(from + index).padStart(4, '0')}`;
        const spec = { displayName: `Session ${from + index}`, initialPrompt: 'Read the code.' };
        const kind = { apiVersion: 'vteam.ambient-code/v1alpha1', kind: 'AgenticSession' };
        return call('POST', path, { ...kind, metadata: { name }, spec });
      }),
    );
  }
}

function quantile(values: readonly number[], q: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN).toFixed(0);
}

function median(values: readonly number[]): string {
  return quantile(values, 0.5);
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
}
