import { ProviderError, type ProviderErrorKind } from '@burstcell/provider';
import { Ec2Error } from '../ports/ec2-api.js';
import { THROTTLED_RETRY_AFTER_MS, UNAVAILABLE_RETRY_AFTER_MS } from '../timings.js';
import { EC2_ERRORS, type ErrorRow } from './error-table.js';

/** What the failed call was about; fills the users' sentence. */
export interface ErrorContext {
  readonly zone?: string;
  readonly instanceType?: string;
  readonly image?: string;
  readonly subnet?: string;
}

/** Longest sentence that fits a fault beside the core's own words. */
const MAX_USER_MESSAGE = 200;

const RETRY_AFTER_MS: Partial<Record<ProviderErrorKind, number>> = {
  throttled: THROTTLED_RETRY_AFTER_MS,
  unavailable: UNAVAILABLE_RETRY_AFTER_MS,
};

/**
 * The only way out of this package for a failure: whatever was thrown as a ProviderError.
 * An abort and anything that is no answer of EC2's are `unavailable`: the effect is unknown.
 */
export function toProviderError(thrown: unknown, context: ErrorContext = {}): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (!(thrown instanceof Ec2Error)) return interrupted(thrown);

  const row = errorRow(thrown);
  const retryAfterMs = RETRY_AFTER_MS[row.kind];
  return new ProviderError(row.kind, `${thrown.code}: ${thrown.message}`, {
    cause: thrown,
    code: thrown.code,
    userMessage: userMessage(row, context, thrown.message),
    ...(row.subject === undefined ? {} : { subject: row.subject }),
    ...(row.faultCode === undefined ? {} : { faultCode: row.faultCode }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The table's row of an answer; codes that the table lacks are judged by their HTTP status. */
export function errorRow(error: Ec2Error): ErrorRow {
  const listed = EC2_ERRORS.find((row) => isCode(row.code, error.code) && (row.text?.test(error.message) ?? true));
  return listed ?? unlisted(error);
}

function isCode(pattern: string, code: string): boolean {
  return pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : pattern === code;
}

function unlisted({ code, httpStatus }: Ec2Error): ErrorRow {
  if (httpStatus === null || httpStatus >= 500) {
    return { code, kind: 'unavailable', user: 'The cloud had an internal failure; try again later.' };
  }
  if (httpStatus === 401 || httpStatus === 403) {
    return {
      code,
      kind: 'unauthorized',
      faultCode: 503,
      user: 'The cloud refused this cell the request; ask your cloud operator.',
    };
  }
  return { code, kind: 'invalid', user: `The cloud refused the request (${code}); ask your cloud operator.` };
}

function userMessage(row: ErrorRow, context: ErrorContext, vendorText: string): string {
  const limit = /limit of (\d+)/.exec(vendorText)?.[1];
  const words: Record<string, string> = {
    zone: context.zone ?? 'this zone',
    instanceType: context.instanceType ?? 'such a server',
    image: context.image ?? 'in the cloud',
    subnet: context.subnet ?? 'of this zone',
    limit: limit === undefined ? '' : ` of ${limit}`,
  };
  return row.user.replaceAll(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole).slice(0, MAX_USER_MESSAGE);
}

function interrupted(thrown: unknown): ProviderError {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ProviderError('unavailable', `the call to EC2 was cut short (${text})`, {
    cause: thrown,
    userMessage: 'The cloud did not answer in time; try again later.',
    retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS,
  });
}

/** The Ec2Error behind a ProviderError of this package, if there is one. */
export function ec2Cause(error: unknown): Ec2Error | undefined {
  return error instanceof ProviderError && error.cause instanceof Ec2Error ? error.cause : undefined;
}

/** Waits may end by an abort, whose reason is no ProviderError; nothing else may leave either. */
export async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw toProviderError(thrown);
  }
}
