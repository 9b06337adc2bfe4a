import type { WebSocket } from 'ws';

/** A client that sends nothing for so many pings has gone. One that is slow may have other messages before the ping. */
const MISSED_PINGS = 3;

/** Pings the client, so that proxies keep the connection, and terminates it when the client has gone. */
export function keepAlive(socket: WebSocket, everyMs: number): void {
  let missed = 0;
  const received = () => {
    missed = 0;
  };
  socket.on('pong', received).on('ping', received).on('message', received);
  const timer = setInterval(() => {
    // Nothing is received while it is paused, and then another deadline holds.
    if (socket.isPaused || socket.readyState !== socket.OPEN) return;
    missed += 1;
    if (missed > MISSED_PINGS) socket.terminate();
    else socket.ping();
  }, everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** setTimeout's maximum delay. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Calls `expired` at that time, in ms since 1970, unless the connection closes before. */
export function atExpiry(socket: WebSocket, at: number, expired: () => void): void {
  const wait = (): NodeJS.Timeout => {
    const left = at - Date.now();
    return setTimeout(
      () => {
        if (left > MAX_DELAY_MS) timer = wait();
        else expired();
      },
      Math.max(0, Math.min(left, MAX_DELAY_MS)),
    );
  };
  let timer = wait();
  socket.once('close', () => clearTimeout(timer));
}
