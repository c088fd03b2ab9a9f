/** Kept of a message that could not be understood: enough to see what it was. */
const KEPT_CHARACTERS = 8_192;

const SECRET_KEYS = '(?:_context_)?auth_token|admin_password|admin_pass|new_pass|rescue_password|password|user_data|key_data';
/** A key and its string value in JSON inside JSON inside JSON: any number of backslashes before each quote, or the text cut inside the value. */
const SECRET = new RegExp(`((\\\\*)"(?:${SECRET_KEYS})\\2"\\s*:\\s*)\\2"(?:(?!\\2").)*(?:\\2"|$)`, 'gs');

/** The text as it may be kept: without tokens, passwords and user data, and cut. */
export function redacted(body: Buffer): string {
  const text = body.subarray(0, KEPT_CHARACTERS * 2).toString('utf8');
  return text.replace(SECRET, '$1$2"***$2"').slice(0, KEPT_CHARACTERS);
}
