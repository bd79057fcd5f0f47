// Writes the tables of docs/profiles.md: the rules of the hardware profiles, with their sources. Needs `npm run build`.

import { readFileSync, writeFileSync } from 'node:fs';
import { PROFILE_ROWS } from '../dist/profile/profiles.js';
import { RULE_KEYS } from '../dist/profile/rules.js';
import { tables, withTables } from './profiles/tables.mjs';

const page = new URL('../docs/profiles.md', import.meta.url);
writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables(PROFILE_ROWS, RULE_KEYS)));
