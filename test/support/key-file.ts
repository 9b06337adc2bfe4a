import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CursorCodec } from '../../src/graphql/relay/cursor.ts';
import { deriveKeys } from '../../src/keys/shared-keys.ts';
import { DESCRIBE } from './hooks.ts';

/** The keys of the Secret `writ-key` by their names. */
type Content = { key?: string | Buffer; previous?: string | Buffer };

export const newKey = () => randomBytes(32).toString('base64');

/** The Secret `writ-key` as the kubelet mounts it: a link to a directory, which is replaced when the Secret changes. */
export function mountKey(content: Content = { key: newKey() }, hooks = DESCRIBE) {
  const volume = mkdtempSync(join(tmpdir(), 'writ-key-'));
  hooks.afterAll(() => rmSync(volume, { recursive: true }));
  let version = 0;
  for (const name of ['key', 'previous']) symlinkSync(join('..data', name), join(volume, name));
  write(content);

  function write(changed: Content): void {
    const before = `..${version}`;
    version += 1;
    mkdirSync(join(volume, `..${version}`));
    for (const [name, value] of Object.entries(changed))
      writeFileSync(join(volume, `..${version}`, name), value);
    symlinkSync(`..${version}`, join(volume, '..new'));
    renameSync(join(volume, '..new'), join(volume, '..data'));
    rmSync(join(volume, before), { recursive: true, force: true });
  }

  return { file: join(volume, 'key'), write };
}

/** The cursors that Writ makes for a user under a key in base64. */
export function cursorsUnder(key: string, user: string): CursorCodec {
  return new CursorCodec(deriveKeys([Buffer.from(key, 'base64')]), user);
}
