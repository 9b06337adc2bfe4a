import { z } from 'zod';

const FORWARDED = 'x-forwarded-access-token';

/** Where requests have the caller's token, and who has put it there. */
export const tokenVariables = {
  WRIT_TOKEN_HEADER: z.enum(['authorization', FORWARDED]).default('authorization'),
  WRIT_AUTHENTICATING_PROXY: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
};

type Variables = z.infer<z.ZodObject<typeof tokenVariables>>;

export interface TokenSettings {
  tokenHeader: Variables['WRIT_TOKEN_HEADER'];
  /**
   * Whether a proxy authenticates browsers and adds the token to their requests. A page of any site can then make a browser
   * send requests with the user's token, so each needs a header that only scripts of allowed origins can set.
   */
  authenticatingProxy: boolean;
}

/** Throws an Error for the administrator: only a proxy sets the other header, so without protection it would be unsafe. */
export function tokenSettings(data: Variables): TokenSettings {
  const { WRIT_TOKEN_HEADER: tokenHeader, WRIT_AUTHENTICATING_PROXY: given } = data;
  const isForwarded = tokenHeader === FORWARDED;
  if (isForwarded && given === false) {
    throw new Error(
      `WRIT_AUTHENTICATING_PROXY cannot be false with WRIT_TOKEN_HEADER=${FORWARDED}: a proxy sets this header, and the header x-writ-csrf protects its users`,
    );
  }
  return { tokenHeader, authenticatingProxy: given ?? isForwarded };
}
