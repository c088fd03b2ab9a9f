import { Ec2Error } from '../ports/ec2-api.js';

/** The parts of what the SDK throws that this package looks at. */
interface SdkThrown {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: unknown;
}

const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;
/** What the SDK's parser says of an answer that is no EC2 XML, such as the HTML page of an endpoint that lacks the action. */
const NOT_XML =
  /xml parse error|unexpected token|char .* is not expected|deserialization error|unclosed tag|not closed|expected closing tag/i;
/** Names the SDK gives to answers whose XML has no error code in it. */
const NO_CODE = /^(Error|UnknownError|Unknown|SyntaxError|TypeError)$/;

/**
 * Whatever the SDK threw as an {@link Ec2Error}. No answer of EC2 is `NetworkingError`, an
 * answer that is not EC2's protocol `NotImplementedByEndpoint`, missing credentials
 * `CredentialsUnavailable`; an abort is handed on as it is.
 */
export function toEc2Error(thrown: unknown, signal?: AbortSignal): unknown {
  if (thrown instanceof Ec2Error) return thrown;
  if (signal?.aborted) return signal.reason;

  const { name, message, $metadata } = (thrown ?? {}) as SdkThrown;
  const status = $metadata?.httpStatusCode ?? null;
  const text = typeof message === 'string' ? message : String(thrown);
  return new Ec2Error(codeOf(String(name ?? ''), text, status), text, status, { cause: thrown });
}

function codeOf(name: string, text: string, status: number | null): string {
  if (NO_CREDENTIALS.test(name)) return 'CredentialsUnavailable';
  if (NOT_XML.test(text)) return 'NotImplementedByEndpoint';
  if (status === null) return 'NetworkingError';
  if (NO_CODE.test(name)) return status >= 500 ? 'InternalError' : 'NotImplementedByEndpoint';
  return name;
}
