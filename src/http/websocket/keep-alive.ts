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
