/** A scheme, with or without a user, a host, with or without a port, and a path. */
const URL_FORM =
  /^(?:https|ssh):\/\/(?:([^@/]+)@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(?::\d{1,5})?\/(.+)$/;
/** Git's scp-like syntax, `user@host:path`. The path must not begin with `/`. */
const SCP_FORM = /^([^@/:]+)@([A-Za-z0-9][A-Za-z0-9.-]*):([^/].*)$/;
/** Printable ASCII except the backslash, which URL parsers read differently, and without query and fragment. */
const PLAIN = /^[!"$->@-[\]-~]+$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.+@-]{0,63}$/;
/** Git servers accept a token in place of a user, and everyone who may view the session would see it. */
const TOKEN_LIKE =
  /(^|[-_])token([-_]|$)|^oauth2?$|^gh[a-z]_|^gl(pat|dt|rt|ptt|cbt)-|^AT(ATT|CTT|BB)|^\w{40,}$/i;

export const GIT_URL_RULE =
  'must be a git URL with https:// or ssh://, or user@host:path, without a password, token, query, fragment or option';
export const GIT_REF_RULE =
  'must be a git branch name: it does not begin with "-" or end with ".", no part of it between slashes is empty, begins with "." or ends with ".lock", and it has no space, ".." or "@{", and none of ~ ^ : ? * [ \\';

/**
 * https or ssh to a named host, with or without a user, without password, token, query or fragment, and nothing that git
 * could read as an option. A path may have escapes, as hosts give them, of what it may contain without one.
 */
export function isSafeGitUrl(value: string): boolean {
  if (!PLAIN.test(value)) return false;
  const [, user, host, path] = URL_FORM.exec(value) ?? SCP_FORM.exec(value) ?? [];
  if (host === undefined || path === undefined) return false;
  if (URL_FORM.test(value) && !URL.canParse(value)) return false;
  return (user === undefined || isSafeUser(user)) && isSafePath(path);
}

function isSafeUser(user: string): boolean {
  const name = decoded(user);
  return name !== undefined && USER.test(name) && !TOKEN_LIKE.test(name);
}

/** Segments that climb, or that begin with `-`, are refused in each form that a program may decode them to. */
function isSafePath(path: string): boolean {
  for (let text: string | undefined = path; text !== undefined; ) {
    const segments = text.split('/');
    if (/[\p{Cc}\\]/u.test(text) || segments.some((segment) => /^(-|\.{1,2}$)/.test(segment))) return false;
    const next = decoded(text);
    if (next === undefined) return text !== path;
    if (next === text) return true;
    if (next.split('/').length !== segments.length) return false;
    text = next;
  }
  return false;
}

/** With its escapes replaced; undefined if one of them is invalid. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What git-check-ref-format forbids, and the control characters of ISO 8859 too. */
const NOT_IN_REF = /[\p{Cc} ~^:?*[\\]|\.\.|@\{/u;

/**
 * Whether git accepts it as the name of a branch (https://git-scm.com/docs/git-check-ref-format). It can contain what is
 * special to a shell: runners get it in JSON.
 */
export function isSafeGitRef(value: string): boolean {
  if (value === '@' || value === 'HEAD' || value.startsWith('-') || value.endsWith('.')) return false;
  if (NOT_IN_REF.test(value) || !value.isWellFormed()) return false;
  return value.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
