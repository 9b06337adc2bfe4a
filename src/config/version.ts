import manifest from '../../package.json' with { type: 'json' };

/** Writ's version. */
export const VERSION: string = manifest.version;
