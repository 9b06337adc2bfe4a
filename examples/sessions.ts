/**
 * Creates a session in the project demo and lists the project's sessions, with types generated from the schema.
 *
 *   node examples/sessions.ts --url http://localhost:4000/graphql --token sandbox-alice-token
 */
import { parseArgs } from 'node:util';
import { graphql } from './generated/index.ts';
import { request } from './request.ts';

const CREATE_SESSION = graphql(/* GraphQL */ `
  mutation CreateSession($input: CreateSessionInput!) {
    createSession(input: $input) {
      session {
        id
        name
        phase
      }
    }
  }
`);

const LIST_SESSIONS = graphql(/* GraphQL */ `
  query ListSessions($project: String!, $after: String) {
    project(name: $project) {
      sessions(first: 50, after: $after) {
        edges {
          node {
            id
            name
            displayName
            phase
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

/** Returns a line for the new session, and one for each session of the project. */
export async function run(url: string, token: string, project: string): Promise<string[]> {
  const input = { project, displayName: 'An example', initialPrompt: 'Say hello' };
  const { createSession } = await request(url, token, CREATE_SESSION, { input });
  const lines = [`created ${createSession?.session.name}`];
  let after: string | null | undefined;
  do {
    const { project: page } = await request(url, token, LIST_SESSIONS, { project, after });
    for (const { node } of page?.sessions?.edges ?? []) {
      lines.push(`${node.phase.padEnd(10)} ${node.name} ${node.displayName ?? ''}`);
    }
    const pageInfo = page?.sessions?.pageInfo;
    after = pageInfo?.hasNextPage ? pageInfo.endCursor : undefined;
  } while (after);
  return lines;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:4000/graphql' },
      token: { type: 'string', default: 'sandbox-alice-token' },
      project: { type: 'string', default: 'demo' },
    },
  });
  process.stdout.write(`${(await run(values.url, values.token, values.project)).join('\n')}\n`);
}
