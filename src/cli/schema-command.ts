import { jsonText } from '../report/json-text.js';
import { scenarioJsonSchema } from '../scenario/json-schema.js';
import { EXIT } from './exit-code.js';
import { StandardOutput } from './io/output.js';

/** `xmc schema`: prints the JSON Schema of scenario files. */
export async function schemaCommand(): Promise<number> {
  const output = new StandardOutput();
  output.write(jsonText(scenarioJsonSchema()));
  await output.finish();
  return EXIT.ok;
}
