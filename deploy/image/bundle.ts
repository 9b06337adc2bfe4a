import { rolldown } from 'rolldown';
import { buildConsole } from '../../console/build.ts';

/**
 * Writes the program of the image: src/main.ts and all that it imports, in a few files. From these, Node starts in about a third
 * of the time that it needs to find, strip and link 1,500 modules (docs/adr/0022-the-image-runs-a-bundle.md).
 *
 * @param directory is emptied first
 */
export async function bundle(directory: string): Promise<void> {
  // One of the files that are copied.
  await buildConsole({ onlyIfChanged: true });
  await using build = await rolldown({
    input: 'src/main.ts',
    platform: 'node',
    // The image does not have it, and main.ts looks whether it is there.
    external: /\/sandbox\.ts$|^sandbox\/$/,
    // Files that are named by `new URL('…', import.meta.url)` are copied, and their URLs changed.
    experimental: { resolveNewUrlToAsset: true },
    // A program that lacks something must not reach an image.
    onLog(_, { message }) {
      throw new Error(message);
    },
  });
  await build.write({
    dir: directory,
    cleanDir: true,
    chunkFileNames: '[name].js',
    assetFileNames: '[name][extname]',
    // Node keeps the sources in memory.
    comments: { legal: true, annotation: false, jsdoc: false },
    // Readable stack traces, and errors with the names that the source gives them.
    minify: false,
    keepNames: true,
  });
}

if (import.meta.main) await bundle('dist');
