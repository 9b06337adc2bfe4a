import { describe, expect, it } from 'vitest';
import { isSafeGitRef, isSafeGitUrl } from '../../src/sessions/git-url.ts';

describe('a git URL', () => {
  it.each([
    ['over https', 'https://github.com/org/repo.git'],
    ['with a port', 'https://git.example.com:8443/repo'],
    ['of an address', 'https://10.0.0.1/repo'],
    ['of an IPv6 address', 'https://[2001:db8::1]/repo'],
    ['over ssh', 'ssh://git.example.com/repo'],
    ['over ssh with a user', 'ssh://git@git.example.com/org/repo'],
    ['over ssh with a port', 'ssh://git@git.example.com:2222/org/repo'],
    ['in the scp-like syntax', 'git@github.com:org/repo.git'],
    ['with a dash inside of a segment', 'https://github.com/my-org/my-repo'],
    ['with a tilde', 'https://git.example.com/~user/repo'],
  ])('is allowed %s', (_, url) => {
    expect(isSafeGitUrl(url)).toBe(true);
  });

  it.each([
    ['that is empty', ''],
    ['without a scheme', 'github.com/org/repo'],
    ['that is a path', '/etc/passwd'],
    ['over http', 'http://github.com/org/repo'],
    ['over git', 'git://github.com/org/repo'],
    ['over ftp', 'ftp://github.com/org/repo'],
    ['of a file', 'file:///etc/passwd'],
    ['of a remote helper', 'ext::sh -c x'],
    ['of a remote helper in front of https', 'ext::https://github.com/org/repo'],
    ['with a scheme in capitals', 'HTTPS://github.com/org/repo'],
    ['with one slash', 'https:/github.com/org/repo'],
    ['with three slashes', 'https:///github.com/org/repo'],
    ['without a host', 'https://'],
    ['without a path', 'https://github.com'],
    ['with an empty path', 'https://github.com/'],
    ['with a user over https', 'https://token@github.com/org/repo'],
    ['with a password over https', 'https://user:password@github.com/org/repo'],
    ['with a password alone', 'https://:password@github.com/org/repo'],
    ['with a password over ssh', 'ssh://git:password@github.com/org/repo'],
    ['with a query', 'https://github.com/org/repo?token=x'],
    ['with a fragment', 'https://github.com/org/repo#main'],
    ['that is an option', '--upload-pack=touch'],
    ['whose host is an option', 'ssh://-oProxyCommand=x/repo'],
    ['whose https host is an option', 'https://-oProxyCommand/repo'],
    ['whose host behind a user is an option', 'ssh://git@-oProxyCommand/repo'],
    ['whose user is an option', 'ssh://-oProxyCommand=x@github.com/repo'],
    ['whose path is an option', 'https://github.com/-x'],
    ['with an option in its path', 'https://github.com/org/--upload-pack=x'],
    ['whose scp-like user is an option', '-oProxyCommand=x@github.com:repo'],
    ['whose scp-like host is an option', 'git@-oProxyCommand=x:repo'],
    ['whose scp-like path is an option', 'git@github.com:-x'],
    ['whose scp-like path is absolute', 'git@github.com:/etc/passwd'],
    ['without a scp-like user', 'github.com:org/repo'],
    ['with a scp-like password', 'git:password@github.com:org/repo'],
    ['with an escape', 'https://github.com/%2e%2e/repo'],
    ['with a backslash', 'https://github.com\\@evil.example/repo'],
    ['with a space', 'https://github.com/org/my repo'],
    ['with a space in front', ' https://github.com/org/repo'],
    ['with a line break', 'https://github.com/org/repo\n'],
    ['with a line break that a URL parser drops', 'https://git\nhub.com/org/repo'],
    ['with a tab', 'https://github.com/\torg/repo'],
    ['with a NUL', 'https://github.com/org\0/repo'],
    ['with a character beyond ASCII', 'https://github.com/\u00e9'],
    ['with a slash that only looks like one', 'https://github.com\uff0forg/repo'],
  ])('is refused %s', (_, url) => {
    expect(isSafeGitUrl(url)).toBe(false);
  });
});

describe('a git branch', () => {
  it.each(['main', 'feature/x', 'a/b/c', 'v1.2.3', 'release-1.0+build', '_x', '1', 'locked', 'a.locks/b'])(
    'is allowed: %s',
    (ref) => {
      expect(isSafeGitRef(ref)).toBe(true);
    },
  );

  it.each([
    ['that is empty', ''],
    ['that is an option', '-x'],
    ['that is a long option', '--upload-pack=x'],
    ['that climbs', '../x'],
    ['that climbs inside', 'a/../b'],
    ['with two dots', 'a..b'],
    ['that begins with a dot', '.a'],
    ['with a segment that begins with a dot', 'a/.b'],
    ['that ends with a dot', 'a.'],
    ['that begins with a slash', '/a'],
    ['that ends with a slash', 'a/'],
    ['with two slashes', 'a//b'],
    ['that is a lock file', 'main.lock'],
    ['with a segment that is a lock file', 'a.lock/b'],
    ['that is an at sign', '@'],
    ['with a reflog', 'main@{1}'],
    ['of an ancestor', 'main~1'],
    ['of a parent', 'main^'],
    ['that is a refspec', 'main:other'],
    ['that is a pattern', 'feature/*'],
    ['with a question mark', 'a?b'],
    ['with a bracket', 'a[b'],
    ['with a backslash', 'a\\b'],
    ['with a space', 'a b'],
    ['with a line break behind', 'main\n'],
    ['with a NUL', 'a\0b'],
    ['with a character beyond ASCII', '\u00e9'],
    ['with shell syntax', '$(id)'],
  ])('is refused %s', (_, ref) => {
    expect(isSafeGitRef(ref)).toBe(false);
  });
});
