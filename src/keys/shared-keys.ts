import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ComponentLogger } from '../telemetry/logger.ts';
import { readKeyFile } from './key-file.ts';

/** Keys by what they are for. The first is used, all are accepted. */
export interface Keys {
  readonly cursors: readonly KeyObject[];
  /** Empty if the replicas share no key. */
  readonly idempotency: readonly KeyObject[];
}

interface SharedKeysOptions {
  /** Absent: cursors have a random key of this process. */
  file: string | undefined;
  /** How often the file is read, in ms. */
  rereadMs: number;
  logger: ComponentLogger;
}

/**
 * The keys that are derived from the key which all replicas share as a file (HKDF, RFC 5869). The file is read again and
 * again: a mounted Secret changes while the process runs. If it cannot be used any more, the last keys stay in use.
 */
export class SharedKeys implements Keys {
  readonly #options: SharedKeysOptions;
  #secrets: Buffer[] = [];
  #keys = deriveKeys([]);
  readonly #closing = new AbortController();
  /** Why the file could not be used at the last attempt. */
  #problem: string | undefined;

  constructor(options: SharedKeysOptions) {
    this.#options = options;
  }

  get cursors(): readonly KeyObject[] {
    return this.#keys.cursors;
  }

  get idempotency(): readonly KeyObject[] {
    return this.#keys.idempotency;
  }

  /** Throws if the file has no key. */
  async start(): Promise<void> {
    const { file, rereadMs, logger } = this.#options;
    if (!file) {
      this.#keys = { ...deriveKeys([randomBytes(32)]), idempotency: [] };
      logger.warn(
        {},
        'WRIT_KEY_FILE is not set: cursors end with this process, and no other replica accepts them',
      );
      return;
    }
    this.#use(await readKeyFile(file));
    void this.#watch(file, rereadMs);
  }

  close(): void {
    this.#closing.abort();
  }

  async #watch(file: string, rereadMs: number): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await delay(rereadMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await this.#reread(file);
    }
  }

  async #reread(file: string): Promise<void> {
    const { logger } = this.#options;
    try {
      const secrets = await readKeyFile(file);
      const isSame =
        secrets.length === this.#secrets.length &&
        secrets.every((secret, index) => this.#secrets[index]?.equals(secret));
      if (!isSame) {
        this.#use(secrets);
        logger.info({ file, keys: secrets.length }, 'keys changed');
      }
      this.#problem = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#problem) logger.error({ err: error }, 'the last keys stay in use');
      this.#problem = message;
    }
  }

  #use(secrets: Buffer[]): void {
    this.#secrets = secrets;
    this.#keys = deriveKeys(secrets);
  }
}

/** The keys of each purpose, so that none has a meaning for another. */
export function deriveKeys(secrets: readonly Buffer[]): Keys {
  return {
    cursors: secrets.map((secret) => derive(secret, 'writ cursors')),
    idempotency: secrets.map((secret) => derive(secret, 'writ idempotency keys')),
  };
}

function derive(secret: Buffer, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)));
}
