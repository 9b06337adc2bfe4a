import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { runnersFile } from '../support/runners-file.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const TYPES = '{ runnerTypes { name } }';

describe('the file of runner types', () => {
  const directory = mkdtempSync(join(tmpdir(), 'writ-config-map-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'runners.yaml');
  // As the kubelet mounts a ConfigMap: the files are links through a directory that is replaced.
  const publish = (version: string, content: string | { from: string }) => {
    const target = join(directory, version);
    mkdirSync(target);
    if (typeof content === 'string') writeFileSync(join(target, 'runners.yaml'), content);
    else cpSync(content.from, join(target, 'runners.yaml'));
    symlinkSync(target, join(directory, 'next'));
    renameSync(join(directory, 'next'), join(directory, '..data'));
  };
  publish('one', { from: runnersFile({ displayName: 'Before' }) });
  symlinkSync(join(directory, '..data', 'runners.yaml'), file);
  const writ = startWrit({ environment: { WRIT_RUNNERS_FILE: file } });
  const names = async () =>
    (await writ.as('alice', '{ runnerTypes { displayName } }')).data.runnerTypes.map(
      ({ displayName }: { displayName: string }) => displayName,
    );

  it('is read again when it changes, without a restart', async () => {
    expect(new Set(await names())).toEqual(new Set(['Before']));
    publish('two', { from: runnersFile({ displayName: 'After' }) });
    await eventually(async () => expect(new Set(await names())).toEqual(new Set(['After'])));
    expect(writ.log.lines().filter(({ msg }) => msg === 'runner types changed')).toHaveLength(1);
  });

  it('stays as it was while it is invalid, which is logged once', async () => {
    publish('three', 'runnerTypes: []');
    const problems = () => writ.log.lines().filter(({ msg }) => msg === 'the last runner types stay in use');
    await eventually(async () => expect(problems()).toHaveLength(1));
    expect(new Set(await names())).toEqual(new Set(['After']));
    publish('four', { from: runnersFile({ displayName: 'Valid again' }) });
    await eventually(async () => expect(new Set(await names())).toEqual(new Set(['Valid again'])));
    expect(problems()).toHaveLength(1);
    expect(codeOf(await writ.as('alice', TYPES))).toBeUndefined();
  });
});
