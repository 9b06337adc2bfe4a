/**
 * The user's token; undefined if a proxy adds it.
 *
 * @param refused the token that the cluster has refused, if it has: another one is wanted
 */
export type TokenSource = (refused: string | undefined) => string | undefined | Promise<string | undefined>;
