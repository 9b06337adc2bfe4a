import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { BadUserInput } from '../../src/errors.ts';
import type { AgenticSession } from '../../src/model/session.ts';
import { readStoredSession } from '../../src/sessions/run/read-stored-session.ts';

const { template } = readConfig({}).runners;

const read = (spec: unknown, runTemplate = template) =>
  readStoredSession(
    {
      metadata: { name: 'a', namespace: 'demo', uid: '5e551000-0000-4000-8000-0000000000ff' },
      spec,
    } as unknown as AgenticSession,
    runTemplate,
  );

describe('a stored session', () => {
  it.each([
    ['nothing', undefined],
    ['an empty spec', {}],
    [
      'null in each field',
      {
        initialPrompt: null,
        llmSettings: null,
        timeout: null,
        inactivityTimeout: null,
        stopOnRunFinished: null,
        repos: null,
        environmentVariables: null,
      },
    ],
    ['null in each setting', { llmSettings: { model: null, temperature: null, maxTokens: null } }],
    ['an empty model', { llmSettings: { model: '' } }],
    ['the model of another definition', { llmSettings: { model: 'claude-3-7-sonnet-latest' } }],
  ])('has the defaults where the definition filled in %s', (_, spec) => {
    expect(read(spec)).toEqual(read({}));
    expect(read(spec)).toMatchObject({ model: 'claude-sonnet-4-5', timeoutSeconds: 300, repos: [] });
  });

  it('has the model that its runner type offers, whoever filled it in', () => {
    const runnerTypes = template.runnerTypes.map((type) => ({
      ...type,
      models: [...type.models, 'claude-3-7-sonnet-latest'],
    }));
    const session = read(
      { llmSettings: { model: 'claude-3-7-sonnet-latest' } },
      { ...template, runnerTypes },
    );
    expect(session.model).toBe('claude-3-7-sonnet-latest');
  });

  it('is invalid with any other model that its runner type does not offer', () => {
    expect(() => read({ llmSettings: { model: 'gemini-2.5-pro' } })).toThrow(BadUserInput);
    const other = { ...template, filledInModels: [] };
    expect(() => read({ llmSettings: { model: 'claude-3-7-sonnet-latest' } }, other)).toThrow(BadUserInput);
  });

  it('has at most the timeout of the administrator, unless a longer one was chosen', () => {
    const short = { ...template, maxTimeoutSeconds: 60 };
    expect([read({}, short).timeoutSeconds, read({ timeout: 300 }, short).timeoutSeconds]).toEqual([60, 60]);
    expect(() => read({ timeout: 301 }, short)).toThrow(BadUserInput);
  });
});
