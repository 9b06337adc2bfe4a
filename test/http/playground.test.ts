import { expect, it } from 'vitest';
import { post, start } from './fixture.ts';

// Compressing the page, with all of GraphiQL in it, would take longer than all else.
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-encoding': 'identity' };
const operations = [
  { query: 'query Greet($n: String!) { hello(name: $n) }', variables: { n: '</script><b>' } },
];

/** The page's own options: the last argument of its last call. */
function optionsOf(page: string): Record<string, unknown> {
  const start = page.lastIndexOf('{"title":"Writ"');
  return JSON.parse(page.slice(start, page.indexOf('\n', start)).replace(/,\s*$/, '')) as Record<
    string,
    unknown
  >;
}

it('a browser at the endpoint gets the playground, with the operations as tabs', async () => {
  const { url } = await start({ playground: { operations } });
  const response = await fetch(url, { headers: html });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const options = optionsOf(await response.text());
  expect(options).toMatchObject({ isHeadersEditorEnabled: true, shouldPersistHeaders: false, headers: '{}' });
  expect(options.defaultTabs).toMatchObject([
    { query: operations[0]?.query, variables: JSON.stringify(operations[0]?.variables, null, 2) },
  ]);
});

it('a token is in the page only where it is given', async () => {
  const without = await start({ playground: { operations } });
  const page = optionsOf(await (await fetch(without.url, { headers: html })).text());
  expect(JSON.stringify(page)).not.toMatch(/bearer/i);
  const sandbox = await start({ playground: { operations, token: 'sandbox-alice-token' } });
  expect(optionsOf(await (await fetch(sandbox.url, { headers: html })).text())).toMatchObject({
    headers: JSON.stringify({ authorization: 'Bearer sandbox-alice-token' }, null, 2),
  });
});

it("a token is in the setting's header, in the form that it has there", async () => {
  const { url } = await start({
    tokenHeader: 'x-forwarded-access-token',
    playground: { operations, token: 'sandbox-alice-token' },
  });
  expect(optionsOf(await (await fetch(url, { headers: html })).text())).toMatchObject({
    headers: JSON.stringify({ 'x-forwarded-access-token': 'sandbox-alice-token' }, null, 2),
  });
});

it.for([
  ['authorization', false, 'Bearer ', 'kubectl create token'],
  ['authorization', true, 'Bearer ', 'in the header <code>authorization</code>'],
  ['x-forwarded-access-token', true, '', 'in the header <code>x-forwarded-access-token</code>'],
] as const)(
  'without a token, the page says where one comes from, and has a field for it: %s, from a proxy: %s',
  async ([tokenHeader, authenticatingProxy, scheme, explanation]) => {
    const { url } = await start({ tokenHeader, authenticatingProxy, playground: { operations } });
    const page = await (await fetch(url, { headers: html })).text();
    expect(page).toContain(`data-header="${tokenHeader}" data-scheme="${scheme}"`);
    expect(page).toContain(explanation);
    const added = await fetch(url, { headers: { ...html, [tokenHeader]: `${scheme}secret-token` } });
    const behindProxy = await added.text();
    expect(behindProxy).not.toMatch(/data-scheme|secret-token/);
    expect((await (await fetch(url, { headers: html })).text()) === page).toBe(true);
  },
);

it('the page may load nothing, nor be framed', async () => {
  const { url } = await start({ playground: {} });
  const { headers } = await fetch(url, { headers: html });
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
});

it('an option cannot end the script', async () => {
  const { url } = await start({ playground: { operations } });
  const page = await (await fetch(url, { headers: html })).text();
  expect(page).not.toContain('</script><b>');
});

it('switched off, the endpoint speaks GraphQL alone', async () => {
  const { url } = await start({ playground: false });
  const response = await fetch(url, { headers: html });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    400,
    expect.stringContaining('json'),
  ]);
});

it('the playground does not change what other clients get', async () => {
  const { url } = await start({ playground: {} });
  expect((await post(url, { query: '{ hello }' }, html)).response.status).toBe(200);
  expect((await fetch(`${url}?query={hello}`)).headers.get('content-type')).toContain('json');
});
