import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The minimum length of a key, in bytes. */
const MIN_BYTES = 32;
/** The other key that is accepted, beside the file of the key: the names are those of the Secret `writ-key`. */
const PREVIOUS = 'previous';

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * The key in a file, and after it the one in the file `previous` beside it, if that exists. Throws an Error whose message is
 * for the administrator, and has nothing of a key in it.
 */
export async function readKeyFile(file: string): Promise<Buffer[]> {
  const real = await resolved(file);
  const [result] = await Promise.allSettled([readBeside(real)]);
  // The kubelet replaces the directory of a mounted Secret by a symbolic link, and then deletes the old one: both keys must
  // come from the same directory, and it must have been there all the time.
  if ((await resolved(file)) !== real) return readKeyFile(file);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

async function readBeside(file: string): Promise<Buffer[]> {
  const previous = join(dirname(file), PREVIOUS);
  const [key, other] = await Promise.all([
    readFile(file).catch((error: unknown) => unreadable(file, error)),
    readFile(previous).catch((error: unknown) =>
      isMissing(error) ? undefined : unreadable(previous, error),
    ),
  ]);
  const keys = [parseKey(file, key)];
  if (other) keys.push(parseKey(previous, other));
  return keys;
}

function resolved(file: string): Promise<string> {
  return realpath(file).catch((error: unknown) => unreadable(file, error));
}

/** The bytes that base64 stands for; any other content as it is. */
function parseKey(file: string, content: Buffer): Buffer {
  const text = content.toString('latin1').trim();
  const key = BASE64.test(text) ? Buffer.from(text, 'base64') : content;
  if (key.length >= MIN_BYTES) return key;
  throw new Error(`WRIT_KEY_FILE: ${file} has a key of ${key.length} bytes: it needs ${MIN_BYTES} or more`);
}

function unreadable(file: string, error: unknown): never {
  throw new Error(`WRIT_KEY_FILE: ${file} cannot be read: ${(error as Error).message}`);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
