import type { PageConfig } from '../../../src/http/console/page-config.ts';
import { CONSOLE_URL } from '../app/location.ts';

export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch(new URL('config.json', CONSOLE_URL));
  if (!response.ok) throw new Error(`config.json: status ${response.status}`);
  return response.json();
}
