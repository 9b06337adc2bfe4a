import { beforeAll, describe, expect, it } from 'vitest';
import { putProject, putSession } from '../../support/put-objects.ts';
import { type Answer, startWrit } from '../../support/writ.ts';

/** The longest prompt, and a text that takes the longest to be found nowhere in it. */
const PROMPT = 'a'.repeat(131_072);
const longest = (length: number) => `${'a'.repeat(length / 2)}b${'a'.repeat(length / 2 - 1)}`;

describe('a search for a text that takes long to be found', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'p');
    await putSession(admin, 'p', 'a', { spec: { initialPrompt: PROMPT } });
  });

  const OPERATIONS = {
    'in a list of sessions': `query ($search: String!) {
      project(name: "p") { sessions(filter: { search: $search }) { nodes { name } } }
    }`,
    'in the changes of sessions': `subscription ($search: String!) {
      sessions(project: "p", filter: { search: $search }) { events { type } }
    }`,
    'in a list of projects': 'query ($search: String!) { projects(search: $search) { nodes { name } } }',
  };

  it.each(Object.entries(OPERATIONS))(
    '%s is refused, if it is longer than any that is not',
    async (_, query) => {
      const search = (length: number): Promise<Answer> =>
        writ.as('victor', query, { search: longest(length) });
      expect((await search(200)).errors).toBeUndefined();
      for (const length of [202, 100_000]) {
        const { errors } = await search(length);
        expect(errors).toMatchObject([
          { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: expect.stringMatching(/search$/) }] } },
        ]);
      }
    },
  );
});
