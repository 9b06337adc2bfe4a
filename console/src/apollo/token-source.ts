/** The user's token; undefined if a proxy adds it. After the cluster has refused it, `isRefused` asks for a new one. */
export type TokenSource = (isRefused: boolean) => string | undefined | Promise<string | undefined>;
