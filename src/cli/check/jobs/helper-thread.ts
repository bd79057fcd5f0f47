import { type MessagePort, workerData } from 'node:worker_threads';
import { Helper } from '../../../search/helpers/helper.js';
import type { Request } from '../../../search/helpers/messages.js';
import { prepare } from '../../scenario/prepare.js';
import type { HelperOrder } from './helper-threads.js';
import { received } from './sent-recipes.js';

// A thread that helps the search of one variant.
const { port, recipes, reductions, looked } = workerData as HelperOrder & { readonly port: MessagePort };
const [recipe] = received(recipes);
if (recipe === undefined) throw new Error('there is no variant to help with');
const helper = new Helper(() => prepare(recipe).built, reductions, looked);
port.on('message', (request: Request) => port.postMessage(helper.answer(request)));
