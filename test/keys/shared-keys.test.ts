import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deriveKeys, SharedKeys } from '../../src/keys/shared-keys.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { mountKey, newKey } from '../support/key-file.ts';

const raw = randomBytes(32);
const text = raw.toString('base64');
const other = randomBytes(48);
const expected = (...secrets: Buffer[]) => deriveKeys(secrets).cursors.map((key) => key.export());
const cursorKeys = (keys: SharedKeys) => keys.cursors.map((key) => key.export());

async function start(mounted: { file: string } | undefined) {
  const lines: { message: string; level: string }[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message: `${message} ${JSON.stringify(fields)}` });
  const logger = { info: at('info'), warn: at('warn'), error: at('error'), child: () => logger };
  const keys = new SharedKeys({ file: mounted?.file, rereadMs: 5, logger });
  onTestFinished(() => keys.close());
  await keys.start();
  return { keys, lines };
}

const mount = (content: Parameters<typeof mountKey>[0]) => inTest((_, hooks) => mountKey(content, hooks));

describe('the keys of WRIT_KEY_FILE', () => {
  it.each<[string, Parameters<typeof mountKey>[0], Buffer[]]>([
    ['base64', { key: text }, [raw]],
    ['base64 with a line end', { key: `${text}\n` }, [raw]],
    ['base64url', { key: raw.toString('base64url') }, [raw]],
    ['raw bytes', { key: raw }, [raw]],
    [
      'raw bytes that end as a line does',
      { key: Buffer.concat([raw.subarray(1), Buffer.from('\n')]) },
      [Buffer.concat([raw.subarray(1), Buffer.from('\n')])],
    ],
    [
      'a passphrase',
      { key: 'correct horse, battery staple, and so on' },
      [Buffer.from('correct horse, battery staple, and so on')],
    ],
    ['a previous key', { key: text, previous: other }, [raw, other]],
  ])('can be %s', async (_, content, secrets) => {
    const { keys } = await start(await mount(content));
    expect(cursorKeys(keys)).toEqual(expected(...secrets));
    expect(keys.idempotency).toHaveLength(secrets.length);
  });

  it.each<[string, Parameters<typeof mountKey>[0], RegExp]>([
    ['no file', {}, /WRIT_KEY_FILE: .*key cannot be read: ENOENT/],
    ['an empty file', { key: '' }, /WRIT_KEY_FILE: .*key has a key of 0 bytes: it needs 32 or more/],
    ['31 bytes', { key: raw.subarray(1).toString('base64') }, /key has a key of 31 bytes/],
    ['40 characters of base64', { key: 'a'.repeat(40) }, /key has a key of 30 bytes/],
    ['a short previous key', { key: text, previous: 'short' }, /previous has a key of \d bytes/],
  ])('cannot be %s: Writ does not start', async (_, content, message) => {
    await expect(start(await mount(content))).rejects.toThrow(message);
  });

  it('are others for each purpose', () => {
    const { cursors, idempotency } = deriveKeys([raw]);
    const all = [...cursors, ...idempotency].map((key) => key.export().toString('hex'));
    expect(new Set([...all, raw.toString('hex')]).size).toBe(3);
  });

  it('follow the file, and stay the last ones while it cannot be used', async () => {
    const mounted = await mount({ key: text });
    const { keys, lines } = await start(mounted);
    mounted.write({ key: 'short' });
    await eventually(() => expect(lines.map(({ level }) => level)).toEqual(['error']));
    expect(lines[0]?.message).toMatch(/the last keys stay in use/);
    expect(cursorKeys(keys)).toEqual(expected(raw));
    mounted.write({ key: other, previous: text });
    await eventually(() => expect(cursorKeys(keys)).toEqual(expected(other, raw)));
    rmSync(join(mounted.file, '..', '..data'));
    await eventually(() => expect(lines.map(({ level }) => level)).toEqual(['error', 'info', 'error']));
    expect(cursorKeys(keys)).toEqual(expected(other, raw));
  });

  it('are one of the process, and none for names, without the file', async () => {
    const [one, two] = [await start(undefined), await start(undefined)];
    expect(cursorKeys(one.keys)).toHaveLength(1);
    expect(cursorKeys(one.keys)).not.toEqual(cursorKeys(two.keys));
    expect(one.keys.idempotency).toEqual([]);
    expect(one.lines).toEqual([
      { level: 'warn', message: expect.stringContaining('cursors end with this process') },
    ]);
  });

  it('do not show in what is printed of them', async () => {
    const { keys } = await start(await mount({ key: newKey() }));
    expect(JSON.stringify(keys)).toBe('{}');
    expect(JSON.stringify(keys.cursors)).toBe('[{}]');
  });
});
