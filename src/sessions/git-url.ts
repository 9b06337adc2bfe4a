/** Git's scp-like syntax, `user@host:path`. The path must not begin with `-` or `/`. */
const SCP_LIKE = /^[A-Za-z0-9_][A-Za-z0-9_.-]*@([A-Za-z0-9][A-Za-z0-9.-]*):(?![-/\\])[A-Za-z0-9._~/-]+$/;
/** Printable ASCII except the backslash and `%`, which URL parsers read differently. */
const PLAIN = /^[\x21-\x24\x26-\x5b\x5d-\x7e]+$/;
const REF = /^[A-Za-z0-9_][A-Za-z0-9._/+-]*$/;

export const GIT_URL_RULE = 'must be an https:// or ssh:// git URL without credentials or options';
export const GIT_REF_RULE = 'must be a git branch name';

/** https or ssh to a named host, without password, query or fragment, and nothing that git could read as an option. */
export function isSafeGitUrl(value: string): boolean {
  if (!PLAIN.test(value) || value.startsWith('-') || value.includes('/-')) return false;
  if (SCP_LIKE.test(value)) return true;
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return false;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'ssh:') return false;
  if (!/^(https|ssh):\/\/[^/\\]/.test(value) || url.hostname === '' || url.hostname.startsWith('-'))
    return false;
  if (url.password !== '' || (url.protocol === 'https:' && url.username !== '')) return false;
  return !url.username.startsWith('-') && url.pathname.length > 1 && url.search === '' && url.hash === '';
}

/** A branch name in ASCII that git check-ref-format allows. */
export function isSafeGitRef(value: string): boolean {
  return REF.test(value) && !/\.\.|\/\/|\/$|\.$|\.lock(\/|$)|\/\./.test(value);
}
