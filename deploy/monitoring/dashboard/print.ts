import { writeFileSync } from 'node:fs';
import { dashboardText } from './dashboard.ts';

writeFileSync(new URL('../dashboard.json', import.meta.url), dashboardText());
