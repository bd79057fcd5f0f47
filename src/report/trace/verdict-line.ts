import { EVENT_SCHEMA, type Json } from '../event-json.js';

/** What a command found, as a line behind the events of its executions. */
export function verdictLine(found: { readonly [key: string]: Json }): string {
  return `${JSON.stringify({ event: 'verdict', ...found })}\n`;
}

/** The same where no execution may stand before it: it says of which schema it is. */
export function firstVerdictLine(found: { readonly [key: string]: Json }): string {
  return `${JSON.stringify({ schema: EVENT_SCHEMA, event: 'verdict', ...found })}\n`;
}
