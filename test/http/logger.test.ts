import { expect, it } from 'vitest';
import { memoryLog } from './fixture.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

const LINES: Record<string, [object, string]> = {
  'a header object': [{ headers: { authorization: 'SECRET', 'x-any': 'SECRET' } }, 'm'],
  'a header object further in': [{ req: { headers: { 'x-any': 'SECRET' } } }, 'm'],
  'raw headers': [{ req: { rawHeaders: ['Authorization', 'SECRET'] } }, 'm'],
  variables: [{ variables: { a: 'SECRET' } }, 'm'],
  'a cookie': [{ cookie: 'SECRET' }, 'm'],
  'a token': [{ token: 'SECRET' }, 'm'],
  "a proxy's token, deep": [{ a: { b: { c: { d: { 'x-forwarded-access-token': 'SE\\"CRET' } } } } }, 'm'],
  'an Authorization, deep': [{ a: { b: { c: { Authorization: 'Basic SECRET' } } } }, 'm'],
  'a bearer in the message': [{}, 'with Bearer SECRET.abc-def_/+=='],
  'a bearer in lower case': [{}, 'with bearer   SECRET'],
  'a bearer in a value': [{ note: 'curl -H "Authorization: Bearer SECRET"' }, 'm'],
  'a bearer after a line break': [{}, 'with\nBearer SECRET'],
  'a JWT after a line break': [{}, `with\n${JWT}`],
  'a JWT after other text': [{}, `with token-${JWT}, x.y.${JWT}.z and a_${JWT}`],
  'a JWT with a long header': [{}, `with eyJ${'A'.repeat(20_000)}.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl`],
  'a JWT in the message': [{}, `with ${JWT}`],
  'a JWT in a URL': [{ url: `/x?access=${JWT}&y` }, 'm'],
  'an error': [{ err: new Error(`refused: Bearer SECRET and ${JWT}`) }, 'm'],
  'the cause of an error': [{ err: new Error('failed', { cause: new Error('Bearer SECRET') }) }, 'm'],
  "an error's properties": [{ err: Object.assign(new Error('failed'), { body: 'SECRET' }) }, 'm'],
  'a thrown object': [{ err: { body: 'SECRET' } }, 'm'],
};

it.for(Object.entries(LINES))('no credential gets out in %s', ([, [fields, message]]) => {
  const { logger, log } = memoryLog();
  logger.info(fields, message);
  expect(log.length).toBe(1);
  expect(JSON.stringify(log)).not.toMatch(/SECRET|CRET|eyJ/);
});

it('what is no credential stays', () => {
  const { logger, log } = memoryLog();
  logger.info({ requestId: 'r', err: new Error('The bearer token is empty') }, 'a message');
  expect(log).toMatchObject([
    { requestId: 'r', msg: 'a message', err: { message: 'The bearer token is empty' } },
  ]);
});

it('a line is redacted in a time that is proportional to its length', () => {
  // If each beginning were one of a reading to the end, it would take hours.
  for (const unit of ['-eyJ', 'eyJa.', 'a', '.', 'Bearer ', '-eyJa']) {
    const { logger, log } = memoryLog();
    logger.info(unit.repeat(1_000_000 / unit.length));
    expect(log.length).toBe(1);
  }
});
