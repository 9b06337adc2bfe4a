import { SECRETS, SERVICE_ACCOUNTS } from '../../kubernetes/resources.ts';
import { type IssuedToken, secretWithToken, tokenRequest } from '../../model/run-token.ts';
import type { ReconcileClient } from './reconcile-client.ts';

interface TokenSubjects {
  serviceAccount: { name: string; uid: string };
  secret: { name: string; uid: string };
  expirationSeconds: number;
}

/** Mints a token of the run's service account, which is valid as long as the run's Secret exists. */
export async function mintToken(
  client: ReconcileClient,
  namespace: string,
  { serviceAccount, secret, expirationSeconds }: TokenSubjects,
): Promise<IssuedToken> {
  const request = tokenRequest(serviceAccount.uid, secret, expirationSeconds);
  const { name } = serviceAccount;
  const target = {
    act: 'mintRunToken' as const,
    type: SERVICE_ACCOUNTS,
    namespace,
    name,
    subresource: 'token',
  };
  const { status } = await client.create<{ status: IssuedToken }>(target, request);
  return status;
}

export async function storeToken(
  client: ReconcileClient,
  namespace: string,
  secret: { name: string; uid: string },
  token: string,
): Promise<void> {
  const { name, uid } = secret;
  const target = { act: 'storeRunToken' as const, type: SECRETS, namespace, name };
  await client.mergePatch(target, secretWithToken(token, uid));
}
