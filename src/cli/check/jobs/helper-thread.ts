import { type MessagePort, workerData } from 'node:worker_threads';
import { loadScenario } from '../../../scenario/load.js';
import { Helper } from '../../../search/helpers/helper.js';
import type { Request } from '../../../search/helpers/messages.js';
import { prepare } from '../../scenario/prepare.js';
import type { HelperOrder } from './helper-threads.js';

// A thread that helps the search of one variant.
const { port, text, file, recipe, reductions, looked } = workerData as HelperOrder & { readonly port: MessagePort };
const loaded = loadScenario(text, file);
const helper = new Helper(() => prepare({ ...recipe, loaded }).built, reductions, looked);
port.on('message', (request: Request) => port.postMessage(helper.answer(request)));
