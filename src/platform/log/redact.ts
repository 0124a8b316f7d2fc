/** Names of fields whose values never reach a log, whatever is in them. */
const secretName =
  /authorization|cookie|token|secret|password|passwd|api_?-?key|credential|private_?-?key|signature|verifier|^code$|^state$/i;

/** An error's own code (`ECONNREFUSED`, `locked_period`) and a record's state are no secrets: those of OAuth are long. */
const plainCode = /^[A-Za-z0-9_]{1,40}$/;

/** Deeper than any log line should be; what lies below is left out. */
const depthMax = 6;

/** The usual ones of them in full, for the fields of child loggers. */
export const secretNames: readonly string[] = [
  ...['authorization', 'cookie', 'token', 'accessToken', 'refreshToken', 'apiKey', 'api_key', 'key'],
  ...['secret', 'clientSecret', 'secretKey', 'password', 'credentials', 'signature', 'codeVerifier'],
];

export const redacted = '[redacted]';

function isSecret(name: string, value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return false;
  if (/^(code|state)$/i.test(name)) return typeof value === 'string' && !plainCode.test(value);
  return secretName.test(name);
}

/** A copy with the values of secret fields replaced. Class instances stay as they are: they are the serializers' business. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > depthMax) return '[too deep]';
  if (Array.isArray(value)) return value.map((element) => redact(element, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      isSecret(name, field) ? redacted : redact(field, depth + 1),
    ]),
  );
}
