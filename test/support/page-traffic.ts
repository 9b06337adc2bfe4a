import type { APIResponse, Page, Route } from 'playwright-core';
import { eventually } from './eventually.ts';

interface Sent {
  operation: string;
  authorization: string | undefined;
}

interface Socket {
  isOpen: boolean;
  /** That of its `connection_init`; undefined before that was sent. */
  authorization: string | undefined;
}

/** The operations that the page sends over HTTP from now on, and the WebSockets that it opens. */
export function trafficOf(page: Page): { sent: Sent[]; sockets: Socket[] } {
  const sent: Sent[] = [];
  const sockets: Socket[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST') return;
    const { authorization } = request.headers();
    sent.push({ operation: request.postDataJSON().operationName, authorization });
  });
  page.on('websocket', (socket) => {
    const opened: Socket = { isOpen: true, authorization: undefined };
    sockets.push(opened);
    socket.on('framesent', ({ payload }) => {
      const { type, payload: params } = JSON.parse(String(payload));
      if (type === 'connection_init') opened.authorization = params?.authorization;
    });
    socket.on('close', () => {
      opened.isOpen = false;
    });
  });
  return { sent, sockets };
}

interface HeldOperation {
  route: Route;
  response?: APIResponse;
}

/** Holds the next request of each of these operations until the test sends it, and its answer until the test gives it to the page. */
export async function holdOperations(page: Page, ...operations: string[]) {
  const awaited = new Set(operations);
  const held = new Map<string, HeldOperation>();
  await page.route('**/graphql', (route) => {
    const { operationName } = route.request().postDataJSON();
    if (!awaited.delete(operationName)) return route.fallback();
    held.set(operationName, { route });
  });

  /** Resolves when Writ has answered, of which the page knows nothing yet. */
  async function send(operation: string): Promise<HeldOperation & { response: APIResponse }> {
    const found = await eventually(() => {
      const each = held.get(operation);
      if (!each) throw new Error(`The page has not sent ${operation}`);
      return each;
    });
    found.response ??= await found.route.fetch();
    return { ...found, response: found.response };
  }

  /** Gives the page the answer, and resolves when it has done what it does with it. */
  async function answer(operation: string): Promise<void> {
    const { route, response } = await send(operation);
    await route.fulfill({ response });
    await atRest(page);
  }

  return { send, answer };
}

/** Resolves when the page has done what the answers that it has got so far let it do. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // Its answer comes after those.
    await (await fetch(location.href)).text();
    // What they have begun are tasks before these, with those that they begin in turn.
    for (let turn = 0; turn < 30; turn += 1) {
      const { port1, port2 } = new MessageChannel();
      const isOver = new Promise((resolve) => {
        port1.onmessage = resolve;
      });
      port2.postMessage(undefined);
      await isOver;
    }
  });
}

/** As when the user comes back from another tab of the browser. */
export async function returnToTab(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
}

/** Requests of this operation do not reach Writ from now on. */
export async function loseRequests(page: Page, operation: string): Promise<void> {
  await page.route('**/graphql', (route) =>
    route.request().postDataJSON().operationName === operation ? route.abort() : route.fallback(),
  );
}
