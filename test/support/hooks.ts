import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest';

/** What starts a fixture and ends it: the hooks of a describe or file, or one test. */
export interface Hooks {
  beforeAll(start: () => unknown): void;
  afterEach(end: () => unknown): void;
  afterAll(end: () => unknown): void;
}

/** Of the describe or file in whose body the fixture is created. */
export const DESCRIBE: Hooks = {
  // Vitest would call what a `beforeAll` returns.
  beforeAll: (start) => beforeAll(async () => void (await start())),
  afterEach: (end) => afterEach(async () => void (await end())),
  afterAll: (end) => afterAll(async () => void (await end())),
};

/** Starts a fixture for the current test alone, and ends it with the test. */
export async function inTest<T, Options extends object>(
  create: (options: Options, hooks: Hooks) => T,
  options = {} as Options,
): Promise<T> {
  const starts: (() => unknown)[] = [];
  const atEnd = (end: () => unknown) => onTestFinished(async () => void (await end()));
  const beforeAll = (start: () => unknown) => void starts.push(start);
  const created = create(options, { beforeAll, afterEach: atEnd, afterAll: atEnd });
  for (const start of starts) await start();
  return created;
}

/** What `start` resolves to, from the hooks that are declared after this one on. */
export function started<T>(hooks: Hooks, start: () => Promise<T>, stop: (value: T) => unknown): () => T {
  let current: { value: T } | undefined;
  hooks.beforeAll(async () => {
    current = { value: await start() };
  });
  hooks.afterAll(() => current && stop(current.value));
  return () => {
    if (!current) throw new Error('The fixture has not started: read this in a hook or a test');
    return current.value;
  };
}
