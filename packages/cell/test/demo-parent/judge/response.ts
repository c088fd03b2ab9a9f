import { isObject, isText, type Json, type JsonObject, tryParse } from '../json.js';
import { type Findings, Lost } from '../violations.js';

/** One answer of the child, as the parent's API gets it. */
export type Answer =
  | { readonly failure: false; readonly value: Json }
  | { readonly failure: true; readonly error: RemoteFailure };

export interface RemoteFailure {
  readonly className: string;
  readonly module: string;
  readonly message: string;
  readonly kwargs: JsonObject;
}

const ITEM_KEYS = ['cell_name', 'failure', 'value'];
const FAILURE_KEYS = ['args', 'class', 'kwargs', 'message', 'module', 'tb'];
/** Others become a generic error, which the user sees as 500. */
const MODULES = new Set(['nova.exception', 'exceptions']);
const LAST_ASCII = 0x7f;
const LONG_TRACEBACK_LINES = 30;

/** `parse_responses`: a list of JSON texts, each an item whose keys become keyword arguments (`cells/messaging.py` Response). */
export function readResponse(kwargs: JsonObject, cellName: string, findings: Findings): Answer {
  const { responses, orig_message: original } = kwargs;
  if (!isText(original)) throw new Lost('bad-arguments', 'orig_message is no text');
  if (!Array.isArray(responses)) throw new Lost('bad-arguments', 'responses is no list');
  if (responses.length !== 1) findings.add('risk', 'response-items', `${responses.length} items from a leaf`);
  const text = responses[0];
  const item = isText(text) ? tryParse(text) : undefined;
  if (!isObject(item)) throw new Lost('response-item', 'the item is no JSON text of an object');
  const keys = Object.keys(item).sort();
  if (keys.join() !== ITEM_KEYS.join()) throw new Lost('response-item', `the item has ${keys.join(', ')}`);
  if (item.cell_name !== cellName) throw new Lost('response-item', `cell_name ${item.cell_name}, not ${cellName}`);
  if (item.failure !== true) return { failure: false, value: item.value ?? null };
  return { failure: true, error: readFailure(item.value, findings) };
}

/** Python 2 parents read it as ASCII and cannot when it is not. */
function readFailure(value: Json | undefined, findings: Findings): RemoteFailure {
  if (!isText(value)) throw new Lost('failure-form', 'the failure is no JSON text');
  if (!isAscii(value)) throw new Lost('failure-form', 'the failure is not ASCII');
  const failure = tryParse(value);
  if (!isObject(failure)) throw new Lost('failure-form', 'the failure is no JSON object');
  const keys = Object.keys(failure).sort();
  if (keys.join() !== FAILURE_KEYS.join()) throw new Lost('failure-form', `the failure has ${keys.join(', ')}`);
  const { class: className, module, message, kwargs, args, tb } = failure;
  if (!isText(className) || !isText(module) || !isText(message))
    throw new Lost('failure-form', 'class, module or message is no text');
  if (!isObject(kwargs) || !Array.isArray(args) || !Array.isArray(tb)) throw new Lost('failure-form', 'args, kwargs or tb');
  if (!MODULES.has(module)) findings.add('harm', 'failure-module', `${module}.${className} is a 500 to the user`);
  if (tb.length > LONG_TRACEBACK_LINES) findings.add('risk', 'failure-tb', `${tb.length} traceback lines reach the user`);
  return { className, module, message, kwargs };
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > LAST_ASCII) return false;
  return true;
}
