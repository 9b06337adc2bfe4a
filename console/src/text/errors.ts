/** What an error's code means, and what to do about it. Codes without a text show the message of the error alone. */
export const errors = {
  titles: {
    UNAUTHENTICATED: 'The cluster does not accept your token',
    FORBIDDEN: 'You may not do this',
    BAD_USER_INPUT: 'The input is not valid',
    NOT_FOUND: 'It does not exist, or not any more',
    CONFLICT: 'It has changed meanwhile',
    EXPIRED: 'The list has changed too much to be continued',
    TOO_MANY_REQUESTS: 'Too many requests at once',
    QUERY_TOO_COMPLEX: 'That is too much for one request',
    UNAVAILABLE: 'The cluster cannot be reached',
    TIMEOUT: 'The cluster did not answer in time',
    INTERNAL: 'Writ has met an unexpected error',
    NETWORK: 'Writ cannot be reached',
    HTTP: 'Writ, or a proxy in front of it, has not executed the request',
  } as Readonly<Record<string, string>>,
  nameTaken: 'There is one with this name',
  other: 'The request has failed',
  retryAfter: (seconds: number) => `Writ asks to wait ${seconds} s before the next attempt.`,
  requestId: (id: string) => `Request ${id}`,
  status: (code: number) => `HTTP status ${code}`,
  remedy: 'What it would take',
};
