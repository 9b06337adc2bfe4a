import { readFile } from 'node:fs/promises';
import { Unavailable } from '../../errors.ts';

/** Returns Writ's own Authorization header, before each call; undefined if its identity is a client certificate. */
export interface Credential {
  (): Promise<string | undefined>;
  /** The cluster has not accepted this header (401): the next call gets a new one, if there is one. */
  rejected?(authorization: string | undefined): void;
}

/** Read for each call: the kubelet and other tools replace such files. */
export function tokenFile(file: string): Credential {
  return async () => {
    const token = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
      throw notReadable(`${file} cannot be read (${code})`);
    });
    if (!/^\s*[\x21-\x7e]+\s*$/.test(token)) throw notReadable(`${file} does not contain a token`);
    return `Bearer ${token.trim()}`;
  };
}

export function basic({ username, password }: { username: string; password: string }): Credential {
  const encoded = Buffer.from(`${username}:${password}`).toString('base64');
  return async () => `Basic ${encoded}`;
}

/** @param why for the administrator; never what a plugin has printed or a file contains */
export function notReadable(why: string): Unavailable {
  return new Unavailable("Writ's own credentials cannot be read", {}, { cause: new Error(why) });
}
