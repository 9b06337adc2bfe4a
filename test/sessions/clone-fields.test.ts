import { describe, expect, it } from 'vitest';
import { activeWorkflow, mcpServers } from '../../src/sessions/session-fields.ts';

const server = (fields: unknown, name = 'a') => mcpServers.safeParse({ custom: { [name]: fields } }).success;
const url = (value: unknown) => server({ type: 'http', url: value });

describe('an MCP server of a session that is cloned', () => {
  it.each([
    'https://mcp.example.com',
    'https://mcp.example.com/sse',
    'https://mcp.example.com:8443/a/b?team=c%20d',
    'https://[2001:db8::1]/mcp',
  ])('may be remote: %s', (value) => {
    expect(url(value)).toBe(true);
  });

  it.each([
    ['over http', 'http://mcp.example.com/'],
    ['of a file', 'file:///etc/passwd'],
    ['that is code', 'javascript:alert(1)'],
    ['without a host', 'https://'],
    ['with one slash', 'https:/mcp.example.com'],
    ['with a host behind a backslash', 'https:\\\\mcp.example.com'],
    ['with a password', 'https://a:b@mcp.example.com/'],
    ['with a user', 'https://token@mcp.example.com/'],
    ['with a fragment', 'https://mcp.example.com/#a'],
    ['with a variable', 'https://evil.example/?key=$\u007bANTHROPIC_API_KEY}'],
    ['with a plain variable', 'https://evil.example/$ANTHROPIC_API_KEY'],
    ['with a variable as the host', 'https://$\u007bHOST}/'],
    ['with a variable in braces', 'https://evil.example/{env:ANTHROPIC_API_KEY}'],
    ['with a command', 'https://evil.example/`id`'],
    ['with a line break', 'https://mcp.example.com/\n'],
    ['with a space', 'https://mcp.example.com/a b'],
    ['with a character beyond ASCII', 'https://mcp.example.com/\u00e9'],
    ['that is too long', `https://mcp.example.com/${'a'.repeat(2_048)}`],
    ['that is a list', ['https://mcp.example.com']],
    ['that is absent', undefined],
  ])('may not have a URL %s', (_, value) => {
    expect(url(value)).toBe(false);
  });

  const remote = { url: 'https://mcp.example.com/' };
  it.each<[string, unknown]>([
    ['a command', { command: '/bin/sh', args: ['-c', 'id'] }],
    ['a command beside a URL', { ...remote, command: '/bin/sh' }],
    ['a command as its type', { ...remote, type: 'stdio' }],
    ['headers', { ...remote, headers: { authorization: 'x' } }],
    ['a helper for headers', { ...remote, headersHelper: '/bin/sh' }],
    ['an environment', { ...remote, env: { A: 'b' } }],
    ['a key with power', JSON.parse('{"url":"https://mcp.example.com/","__proto__":{"command":"x"}}')],
    ['no object', 'https://mcp.example.com/'],
    ['nothing', null],
  ])('may not have %s', (_, fields) => {
    expect(server(fields)).toBe(false);
  });

  it.each(['', 'a b', '../a', 'a/b', '$(id)', 'a'.repeat(64), 'a\n'])('may not have the name %j', (name) => {
    expect(server(remote, name)).toBe(false);
    expect(server(remote)).toBe(true);
  });
});

describe('the path of a workflow', () => {
  const path = (value: unknown) => activeWorkflow.safeParse({ path: value }).success;

  it.each(['a', 'a/b.c/d_e-f', '.', './a', '.claude', 'a..b', 'a b'])('may be %j', (value) => {
    expect(path(value)).toBe(true);
  });

  it.each([
    '..',
    '../a',
    'a/..',
    'a/../b',
    '/etc',
    '-x',
    '--x',
    '~',
    '~root/a',
    '..\\a',
    'a\\..\\b',
    'a\n',
    'a\0',
    7,
  ])('may not be %j', (value) => {
    expect(path(value)).toBe(false);
  });
});
