/**
 * Linux starts no process with a longer environment variable: its name, "=", its value and a NUL character
 * (MAX_ARG_STRLEN, https://man7.org/linux/man-pages/man2/execve.2.html).
 */
export const MAX_VARIABLE_BYTES = 131_072;
/**
 * The environment and the arguments of a process can take a quarter of its maximum stack, 2 MiB by default. The project's
 * runner Secret can have 1 MiB of that, and the image has variables of its own.
 */
export const MAX_ENVIRONMENT_BYTES = 1_000_000;

/** The length of an environment variable as the kernel counts it. */
export function variableBytes(name: string, value: string): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
}
