import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { mountKey } from '../support/key-file.ts';
import { SESSIONS, session } from '../support/objects.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('name uid');
const SELF = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

describe('a name that somebody else has taken in advance', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_KEY_FILE: mountKey().file } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'shared');
    await bind(admin, 'shared', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'mallory' });
  });

  it('is not the name that an idempotency key gets: nobody can tell that without the key of the replicas', async () => {
    const { userInfo } = (await writ.kubernetes('alice').create(SELF, {})).status;
    const { username, uid = '' } = userInfo;
    // All that is known of alice's next request.
    const known = [username, uid, uid || username, [username, uid], { uid }, { username }].flatMap((who) => [
      [who, 'shared', 'build-41'],
      [username, uid, 'shared', 'build-41'],
    ]);
    const guesses = new Set(
      known.map((guess) => createHash('sha256').update(JSON.stringify(guess)).digest('hex').slice(0, 40)),
    );
    const mallory = writ.kubernetes('mallory');
    for (const guess of guesses) await mallory.create(SESSIONS('shared'), session(`session-${guess}`));

    const input = { project: 'shared', idempotencyKey: 'build-41', start: false };
    const { data, errors } = await writ.as('alice', CREATE, { input });
    expect(errors).toBeUndefined();
    const retried = await writ.as('alice', CREATE, { input });
    expect(retried.data.createSession.session).toEqual(data.createSession.session);
  });

  it('is a CONFLICT where the client chose it, and is not given away', async () => {
    await putSession(admin, 'shared', 'chosen');
    const input = { project: 'shared', idempotencyKey: 'k', name: 'chosen', start: false };
    const { errors } = await writ.as('alice', CREATE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });
});
