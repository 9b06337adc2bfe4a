import type { Config } from './config.ts';

const REASONS: Record<string, string> = {
  EADDRINUSE: 'is in use by another process',
  EACCES: 'may not be used by this process',
};

/**
 * Which setting to change if the process cannot listen, for the administrator. Undefined for any other error. The settings
 * of a port that several have are all named.
 */
export function listenProblem(error: unknown, { api, admin, sandbox }: Config): string | undefined {
  const { syscall, code = '', port } = error as NodeJS.ErrnoException & { port?: number };
  if (syscall === 'getaddrinfo') return `WRIT_HOST: ${JSON.stringify(api.host)} is no address (${code})`;
  if (syscall !== 'listen') return undefined;
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (!reason) return `WRIT_HOST: cannot listen on ${JSON.stringify(api.host)} (${code})`;
  const ports = {
    WRIT_PORT: [api.port],
    WRIT_ADMIN_PORT: [admin.port, admin.controllerPort],
    WRIT_SANDBOX_PORT: [sandbox.port],
  };
  const names = Object.entries(ports).flatMap(([name, own]) => (own.includes(port ?? -1) ? [name] : []));
  return `${names.join(', ')}: port ${port} at ${api.host} ${reason} (${code}). Set another one; 0 picks a free port`;
}
