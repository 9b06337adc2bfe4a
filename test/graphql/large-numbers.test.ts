import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { startWrit } from '../support/writ.ts';

/** The largest and smallest of Kubernetes' integers, and the first that a JavaScript number does not have. */
const NUMBERS = ['9223372036854775807', '-9223372036854775808', '9007199254740993'];

describe('integers beyond 2^53', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');

  async function put(name: string, custom: string) {
    const resource = '"apiVersion":"vteam.ambient-code/v1alpha1","kind":"AgenticSession"';
    const spec = `{"initialPrompt":"[1234567890123456","mcpServers":{"custom":${custom}}}`;
    await admin.must('POST', SESSIONS('demo'), `{${resource},"metadata":{"name":"${name}"},"spec":${spec}}`);
  }

  beforeAll(() => put('numbers', `{"list":[${NUMBERS}],"half":0.5,"one":1,"text":"9007199254740993"}`));

  it.each([
    ['a session', 'session(project: "demo", name: "numbers") { raw }'],
    ['a page of sessions', 'project(name: "demo") { sessions { nodes { name raw } } }'],
    [
      'a page in another order',
      'project(name: "demo") { sessions(filter: {search: "numbers"}) { nodes { raw } } }',
    ],
  ])('are in raw as they are stored: in %s', async (_, selection) => {
    const { text, errors } = await writ.as('victor', `{ ${selection} }`);
    expect(errors).toBeUndefined();
    expect(text).toContain(`"list":[${NUMBERS}]`);
    expect(text).toMatch(/"half":0.5,.*"one":1,/);
    expect(text).toContain('"text":"9007199254740993"');
    expect(text).toContain('"initialPrompt":"[1234567890123456"');
  });

  it('are in the events of a subscription', async () => {
    const query = 'subscription { session(project: "demo", name: "numbers") { events { session { raw } } } }';
    const authorization = `Bearer ${writ.sandbox.identities.victor.token}`;
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization };
    const leaving = new AbortController();
    const { body } = await fetch(writ.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    });
    let seen = '';
    for await (const chunk of (body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream())) {
      seen += chunk;
      if (seen.includes('"text":"9007199254740993"')) break;
    }
    leaving.abort();
    expect(seen).toContain(`"list":[${NUMBERS}]`);
  });
});
