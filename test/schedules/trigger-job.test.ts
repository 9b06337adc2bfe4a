import { describe, expect, it } from 'vitest';
import { triggerJob } from '../../src/schedules/trigger-job.ts';

describe('the pod of a schedule', () => {
  it.each([
    ['authorization', undefined],
    ['x-forwarded-access-token', 'x-forwarded-access-token'],
  ] as const)('sends its token in the header that Writ reads: %s', (tokenHeader, expected) => {
    const settings = { image: 'writ', url: 'https://writ.example/graphql', tokenHeader };
    const job = triggerJob(settings, { namespace: 'demo', name: 'nightly' }, 'schedule-uid');
    const env = job.spec?.template.spec?.containers[0]?.env ?? [];
    expect(env.find(({ name }) => name === 'WRIT_TOKEN_HEADER')?.value).toBe(expected);
  });
});
