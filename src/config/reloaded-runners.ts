import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Runners, RunTemplate } from '../model/run-template.ts';
import type { ComponentLogger } from '../telemetry/logger.ts';
import { readRunTemplate } from './runners-file.ts';

interface ReloadedRunnersOptions {
  /** As they were read at the start. */
  initial: Runners;
  file: string | undefined;
  /** How often the file is read, in ms. */
  rereadMs: number;
  logger: ComponentLogger;
}

/**
 * The runner types of a file that is read again and again: a mounted ConfigMap changes while the process runs. If the file is
 * not valid any more, the last template stays in use.
 */
export class ReloadedRunners implements Runners {
  readonly mode: Runners['mode'];
  readonly #options: ReloadedRunnersOptions;
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #template: RunTemplate;
  /** Why the file could not be used at the last attempt. */
  #problem: string | undefined;

  constructor(options: ReloadedRunnersOptions) {
    this.#options = options;
    this.mode = options.initial.mode;
    this.#template = options.initial.template;
  }

  get template(): RunTemplate {
    return this.#template;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#options.file !== undefined) void this.#watch(this.#options.file);
  }

  close(): void {
    this.#closing.abort();
  }

  async #watch(file: string): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await delay(this.#options.rereadMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) this.#reread(file);
    }
  }

  #reread(file: string): void {
    const { logger } = this.#options;
    try {
      const template = readRunTemplate(file);
      this.#problem = undefined;
      if (isDeepStrictEqual(template, this.#template)) return;
      this.#template = template;
      logger.info({ file, runnerTypes: template.runnerTypes.map(({ id }) => id) }, 'runner types changed');
      for (const listener of this.#listeners) listener();
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#problem) logger.error({ err: error }, 'the last runner types stay in use');
      this.#problem = message;
    }
  }
}
