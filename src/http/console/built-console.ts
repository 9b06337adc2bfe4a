import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What `npm run console` writes. */
export interface BuiltConsole {
  /** Of the sources that it was built from. */
  digest: string;
  /** By path: `index.html`, and the assets that it names. */
  files: Record<string, CompressedFile>;
}

/** Its content in base64. */
interface CompressedFile {
  brotli: string;
  gzip: string;
}

export interface ConsoleFile {
  contentType: string;
  etag: string;
  brotli: Buffer;
  gzip: Buffer;
}

/** One file, which the bundle of the image finds by this URL and copies. */
export const BUILT_CONSOLE = new URL('../../../console/dist/console.json', import.meta.url);

const CONTENT_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The files of the console by path; undefined if it was not built. */
export async function readBuiltConsole(url = BUILT_CONSOLE): Promise<Map<string, ConsoleFile> | undefined> {
  const text = await readFile(url, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { files } = JSON.parse(text) as BuiltConsole;
  return new Map(Object.entries(files).map(([path, content]) => [path, fileOf(path, content)]));
}

function fileOf(path: string, { brotli, gzip }: CompressedFile): ConsoleFile {
  const contentType = CONTENT_TYPES[path.slice(path.lastIndexOf('.') + 1)];
  if (contentType === undefined) throw new Error(`The console has a file of an unknown type: ${path}`);
  return {
    contentType,
    etag: etagOf(brotli),
    brotli: Buffer.from(brotli, 'base64'),
    gzip: Buffer.from(gzip, 'base64'),
  };
}

/** A weak one: it is the same for the compressed file and the plain one. */
export function etagOf(content: Buffer | string): string {
  return `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}
