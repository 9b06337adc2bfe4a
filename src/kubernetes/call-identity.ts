/** Whose credentials a call has. */
export type CallIdentity = 'user' | 'backend';
