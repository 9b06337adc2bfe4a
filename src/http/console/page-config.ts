/** Somebody whose token is no secret. */
export interface Person {
  name: string;
  token: string;
  /** What the person may do, for display. */
  rights: string;
}

/** How the console gets the token that it sends. */
type PageIdentity =
  /** The user picks one of these people. */
  | { kind: 'people'; people: readonly Person[] }
  /** The user gives a token. */
  | { kind: 'token' }
  /** A proxy adds it to each request. */
  | { kind: 'proxy' };

/** What the page of the console has to know of this server: `config.json`. */
export interface PageConfig {
  /** The GraphQL endpoint, relative to the console. */
  endpoint: string;
  identity: PageIdentity;
  tokenHeader: 'authorization' | 'x-forwarded-access-token';
  /** Whether a proxy is meant to add the token. */
  authenticatingProxy: boolean;
  /** Whether the endpoint serves the playground to a browser. */
  playground: boolean;
  /** Whether results list the calls to the cluster. */
  developerTrace: boolean;
}

export interface ConsoleOptions {
  /** Absent: users give a token, unless a proxy adds one. */
  people?: readonly Person[];
  developerTrace?: boolean;
  /** Absent: what `npm run console` has written. */
  file?: URL;
}
