import type { PageConfig } from '../../../src/http/console/page-config.ts';
import { Unreachable } from '../apollo/errors.ts';
import { CONSOLE_URL } from '../app/location.ts';
import { errors as text } from '../text/errors.ts';

export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch(new URL('config.json', CONSOLE_URL)).catch((error: Error) => {
    throw new Unreachable(error.message, { cause: error });
  });
  if (!response.ok) throw new Error(`config.json: ${text.status(response.status)}`);
  return response.json();
}
