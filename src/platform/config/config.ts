import { TributaryError, type FieldError } from '../../kernel/errors.ts';
import type { LogLevel } from '../log/logger.ts';
import { environmentVariables, type EnvironmentVariable } from './environment-variables.ts';

/** What the environment says, checked and with the defaults filled in. Never changes while the process runs. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Null: the embedded store. */
  readonly databaseUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: the one in the data folder (`readOrCreateSecretKey`); never null with `databaseUrl`. */
  readonly secretKey: string | null;
  readonly secretKeyPrevious: string | null;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  /** Whether `publicUrl` was given; else it was made from host and port, and is wrong when the port is 0. */
  readonly publicUrlGiven: boolean;
  /** Whose X-Forwarded-For is believed: addresses, ranges and names of ranges; empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Whether an empty store starts with the demo. */
  readonly demo: boolean;
  readonly bootstrapApiKey: string | null;
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  /** Null: nothing is mailed. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  readonly logLevel: LogLevel;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Long values are cut in messages: what was meant shows in the beginning. */
const quotedLengthMax = 60;

/**
 * Reads the environment.
 * @throws `invalid_environment` with every variable that is wrong: its name, what was given (unless it is a secret), what it must be.
 */
export function readConfig(environment: Environment): Config {
  const errors: FieldError[] = [];
  const read = <Value>(variable: EnvironmentVariable<Value>): Value | undefined => {
    const text = environment[variable.name]?.trim() || undefined;
    const result = variable.schema.safeParse(text);
    if (result.success) return result.data;
    const given = text === undefined || variable.secret ? '' : `is ${quote(text)}; it `;
    const message = `${given}${result.error.issues[0]?.message ?? 'is not valid'}`;
    errors.push({ field: variable.name, message });
    return undefined;
  };

  const values = {
    host: read(environmentVariables.host),
    port: read(environmentVariables.port),
    databaseUrl: read(environmentVariables.databaseUrl) ?? null,
    dataDir: read(environmentVariables.dataDir),
    secretKey: read(environmentVariables.secretKey) ?? null,
    secretKeyPrevious: read(environmentVariables.secretKeyPrevious) ?? null,
    publicUrl: read(environmentVariables.publicUrl),
    trustedProxies: read(environmentVariables.trustedProxies) ?? [],
    demo: read(environmentVariables.demo),
    bootstrapApiKey: read(environmentVariables.bootstrapApiKey) ?? null,
    adminEmail: read(environmentVariables.adminEmail) ?? null,
    adminPassword: read(environmentVariables.adminPassword) ?? null,
    logLevel: read(environmentVariables.logLevel),
  };
  const smtpUrl = read(environmentVariables.smtpUrl) ?? null;
  const smtpFrom = read(environmentVariables.smtpFrom) ?? senderIn(smtpUrl);
  if (smtpUrl !== null && smtpFrom === null)
    errors.push({
      field: environmentVariables.smtpFrom.name,
      message: 'is required with SMTP_URL, whose user is no e-mail address',
    });
  errors.push(...checkTogether(values, errors));

  const { host, port, dataDir, logLevel } = values;
  if (errors.length > 0 || host === undefined || port === undefined || !dataDir || !logLevel)
    throw new TributaryError(
      'invalid_environment',
      errors.map(({ field, message }) => `${field} ${message}.`).join(' '),
      { fields: errors },
    );
  return Object.freeze({
    ...values,
    ...{ host, port, dataDir, logLevel },
    mail: smtpUrl === null || smtpFrom === null ? null : { url: smtpUrl, from: smtpFrom },
    publicUrl: values.publicUrl ?? localUrl(host, port),
    publicUrlGiven: values.publicUrl !== undefined,
    demo: values.demo ?? values.databaseUrl === null,
  });
}

/** The user that signs in to the mail server, where it is an e-mail address. */
function senderIn(smtpUrl: string | null): string | null {
  if (smtpUrl === null || !URL.canParse(smtpUrl)) return null;
  const user = decodeURIComponent(new URL(smtpUrl).username);
  return user.includes('@') ? user : null;
}

/** What no variable says alone. */
function checkTogether(
  values: { databaseUrl: string | null; secretKey: string | null; secretKeyPrevious: string | null },
  errors: readonly FieldError[],
): FieldError[] {
  const { secretKey } = environmentVariables;
  if (errors.some(({ field }) => field === secretKey.name)) return [];
  if (values.databaseUrl !== null && values.secretKey === null)
    return [
      {
        field: secretKey.name,
        message:
          'is required with DATABASE_URL, the same for every process; `openssl rand -base64 32` makes one',
      },
    ];
  if (values.secretKeyPrevious !== null && values.secretKeyPrevious === values.secretKey)
    return [
      {
        field: environmentVariables.secretKeyPrevious.name,
        message: 'is the same as TRIBUTARY_SECRET_KEY; unset it',
      },
    ];
  return [];
}

function quote(text: string): string {
  return JSON.stringify(text.length > quotedLengthMax ? `${text.slice(0, quotedLengthMax)}…` : text);
}

/** Every address of the machine is listened on: on the machine itself the loopback address leads there. */
function localUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
