import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';

export const config = {
  configFile: false,
  root: fileURLToPath(new URL('./', import.meta.url)),
  // Writ can serve the console at any path.
  base: './',
  logLevel: 'warn',
  plugins: [onlyEnglish()],
  build: {
    target: 'es2024',
    // All browsers of the target preload modules.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // A browser keeps the packages when the console changes.
        codeSplitting: { groups: [{ name: 'packages', test: /[/\\]node_modules[/\\]/ }] },
      },
    },
  },
} satisfies UserConfig & { configFile: false };

/** React Aria has its few texts in 34 languages. The console has all of its own in English. */
function onlyEnglish(): Plugin {
  const otherLanguage =
    /[/\\]react-(aria|stately)(-components)?[/\\].*[/\\]intl[/\\].*[/\\](?!en-US)[a-z]{2}-[A-Z]{2}\.m?js$/;
  return {
    name: 'only-english',
    load: { filter: { id: otherLanguage }, handler: () => 'export default {}' },
  };
}
