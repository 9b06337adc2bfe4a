import { defineConfig } from 'vitest/config';
import base, { END_TO_END } from './vitest.config.ts';

/** The console and the playground in Chromium, and Writ and kubectl as processes of their own, on the sandbox. */
export default defineConfig({
  test: {
    ...base.test,
    include: END_TO_END,
    exclude: [],
    // Each has a browser or another process, which is busier than the test.
    maxWorkers: 2,
  },
});
