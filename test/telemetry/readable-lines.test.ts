import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/telemetry/logger.ts';
import { readableLine } from '../../src/telemetry/readable-lines.ts';

describe('a line of the log on a terminal', () => {
  const lines: string[] = [];
  const log = createLogger({
    level: 'info',
    destination: { write: (line) => lines.push(readableLine(line)) },
  });
  const last = () => lines.at(-1);

  it('has the time of day, the level, the message and the other fields', () => {
    log.warn(
      { lease: 'writ-controller', attempts: 3, object: { kind: 'Job' } },
      'failed to acquire the lease',
    );
    expect(last()).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}failed to acquire the lease lease=writ-controller attempts=3 object=\{"kind":"Job"\}\n$/,
    );
  });

  it('has the stack of an error below it', () => {
    log.error({ err: new Error('broken') }, 'failed');
    expect(last()).toMatch(/ ERROR failed\n {2}Error: broken\n {6}at /);
  });

  it('escapes what would act on the terminal, and shows no token', () => {
    log.info({ name: 'a\u001b[2J', token: 'CANARY' }, 'read \u001b[2J');
    expect(last()).not.toContain('\u001b');
    expect(last()).toContain('name="a\\u001b[2J"');
    expect(last()).not.toContain('CANARY');
  });
});
