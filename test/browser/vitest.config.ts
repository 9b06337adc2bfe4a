import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** The console and the playground in Chromium, on the sandbox. */
export default defineConfig({
  test: {
    ...base.test,
    include: ['test/{browser,console}/*.test.ts'],
    exclude: [],
    // Each has a browser, which is busier than the test.
    maxWorkers: 2,
  },
});
