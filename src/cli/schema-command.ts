import { jsonText } from '../report/json-text.js';
import { eventJsonSchema } from '../report/trace/event-schema.js';
import { scenarioJsonSchema } from '../scenario/json-schema.js';
import { EXIT } from './exit-code.js';
import { StandardOutput } from './io/output.js';

/** `xmc schema`: prints the JSON Schema of scenario files, or of the lines of traces. */
export async function schemaCommand({ events = false }: { readonly events?: boolean }): Promise<number> {
  const output = new StandardOutput();
  output.write(jsonText(events ? eventJsonSchema() : scenarioJsonSchema()));
  await output.finish();
  return EXIT.ok;
}
