/** The console's address, below which all its pages are. Its scripts are in `assets/`. */
export const CONSOLE_URL = new URL(/* @vite-ignore */ '../', import.meta.url);

/** The same as a path without a slash at its end, as the router takes it. */
export const BASE = CONSOLE_URL.pathname.replace(/\/$/, '');
