import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

const FORWARDED = 'x-forwarded-access-token';

it.each([
  [undefined, undefined, false],
  [undefined, 'true', true],
  [undefined, 'false', false],
  ['authorization', 'true', true],
  [FORWARDED, undefined, true],
  [FORWARDED, 'true', true],
])(
  'with WRIT_TOKEN_HEADER=%s and WRIT_AUTHENTICATING_PROXY=%s, a proxy authenticates browsers: %s',
  (header, proxy, expected) => {
    const { api } = readConfig({ WRIT_TOKEN_HEADER: header, WRIT_AUTHENTICATING_PROXY: proxy });
    expect([api.tokenHeader, api.authenticatingProxy]).toEqual([header ?? 'authorization', expected]);
  },
);

it('the header of a proxy without the protection that a proxy needs is refused', () => {
  const read = () => readConfig({ WRIT_TOKEN_HEADER: FORWARDED, WRIT_AUTHENTICATING_PROXY: 'false' });
  expect(read).toThrow(`WRIT_AUTHENTICATING_PROXY cannot be false with WRIT_TOKEN_HEADER=${FORWARDED}`);
});
