import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { logLevels } from '../log/logger.ts';
import { parseSecretKey } from '../secrets/secret-key.ts';

/** One variable of the process's environment. Connectors declare those of their systems themselves. */
export interface EnvironmentVariable<Value> {
  readonly name: string;
  /** For people: what applies when it is unset. */
  readonly defaultText: string;
  readonly meaning: string;
  /** Its value never stands in a message. */
  readonly secret: boolean;
  /** Of the text, or of undefined when unset or empty. Its messages go on from "NAME …": what it must be. */
  readonly schema: z.ZodType<Value, string | undefined>;
}

const optionalText = z.string().optional();

/** A port of 0 lets the system choose a free one, as tests do. */
const port = z
  .string()
  .default('4000')
  .refine(
    (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
    'must be a whole number from 0 to 65535',
  )
  .transform(Number);

const postgresUrl = optionalText.refine(
  (text) => text === undefined || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)),
  'must be a PostgreSQL URL: postgres://user:password@host:5432/database',
);

const secretKey = optionalText.refine(
  (text) => text === undefined || parseSecretKey(text) !== null,
  'must be 32 bytes in base64; `openssl rand -base64 32` makes one',
);

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && search === '' && hash === '';
}

const publicUrl = optionalText
  .refine(
    (text) => text === undefined || isPublicUrl(text),
    'must be an address that starts with http:// or https:// and has neither ? nor #',
  )
  .transform((text) => text?.replace(/\/+$/, ''));

/** Kinds of addresses that have a name: what a proxy on the same machine, the same link or the same private network has. */
const addressRangeNames = ['loopback', 'linklocal', 'uniquelocal'];
/** A chain of proxies is a handful; beyond, somebody has pasted something else. */
const trustedProxiesMax = 50;

/** A prefix of 0 would believe everybody, and each caller could give itself any address. */
function isAddressRange(text: string): boolean {
  if (addressRangeNames.includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

const trustedProxies = z
  .string()
  .optional()
  .transform((text) => (text === undefined ? [] : text.split(',').map((part) => part.trim())))
  .refine(
    (ranges) => ranges.length <= trustedProxiesMax && ranges.every(isAddressRange),
    'must be addresses or ranges, separated by commas, such as 10.0.0.5,172.16.0.0/12, or loopback, linklocal or uniquelocal',
  );

const onOrOff = z
  .enum(['on', 'off'], { error: 'must be on or off' })
  .optional()
  .transform((text) => (text === undefined ? undefined : text === 'on'));

/** How long it is, is the operator's choice: on a closed network a script may have a short one. `openssl rand -hex 24` makes a good one. */
const bootstrapApiKey = optionalText.refine(
  (text) => text === undefined || /^[\x21-\x7e]{1,200}$/.test(text),
  'must have at most 200 characters without blanks',
);

const emailAddress = optionalText
  .refine(
    (text) => text === undefined || /^[^\s@]+@[^\s@]+$/.test(text),
    'must be an e-mail address, such as admin@example.com',
  )
  .transform((text) => text?.toLowerCase());

const password = optionalText.refine(
  (text) => text === undefined || (text.length >= 8 && text.length <= 200),
  'must have 8 to 200 characters',
);

const smtpUrl = optionalText.refine(
  (text) => text === undefined || (/^smtps?:\/\/[^/]/.test(text) && URL.canParse(text)),
  'must be the address of a mail server: smtp://user:password@host:587, or smtps://',
);

function variable<Value>(
  name: string,
  defaultText: string,
  meaning: string,
  schema: z.ZodType<Value, string | undefined>,
  { secret = false } = {},
): EnvironmentVariable<Value> {
  return { name, defaultText, meaning, secret, schema };
}

const secret = { secret: true };

/** Every variable that the server itself reads, in the order of the reference; the one place that names them. */
export const environmentVariables = {
  host: variable(
    'HOST',
    '127.0.0.1',
    'The address that the server listens on.',
    z.string().default('127.0.0.1'),
  ),
  port: variable('PORT', '4000', 'The port that the server listens on.', port),
  databaseUrl: variable(
    'DATABASE_URL',
    'unset: the embedded store',
    'The URL of a PostgreSQL database, version 14 or newer.',
    postgresUrl,
    secret,
  ),
  dataDir: variable(
    'TRIBUTARY_DATA_DIR',
    './data',
    'The data folder: the embedded store and generated secrets.',
    z
      .string()
      .default('./data')
      .transform((text) => resolve(text)),
  ),
  secretKey: variable(
    'TRIBUTARY_SECRET_KEY',
    'made on the first start of the embedded store and kept in the data folder; required with DATABASE_URL',
    '32 bytes in base64. Encrypts stored credentials.',
    secretKey,
    secret,
  ),
  secretKeyPrevious: variable(
    'TRIBUTARY_SECRET_KEY_PREVIOUS',
    'unset',
    'The key before, while rotating: what was stored with it can still be read.',
    secretKey,
    secret,
  ),
  publicUrl: variable(
    'TRIBUTARY_PUBLIC_URL',
    'http://HOST:PORT',
    'The address that browsers and vendors reach the server by: for OAuth redirects, webhooks and links.',
    publicUrl,
  ),
  trustedProxies: variable(
    'TRIBUTARY_TRUSTED_PROXIES',
    'unset: nobody',
    'Addresses of the proxies in front of the server, separated by commas: 10.0.0.5, 172.16.0.0/12, loopback, linklocal, uniquelocal. Their X-Forwarded-For says who calls; without it everybody behind the proxy who is not signed in shares one limit on requests.',
    trustedProxies,
  ),
  demo: variable(
    'TRIBUTARY_DEMO',
    'on for an empty embedded store',
    'on: an empty store starts with a sandbox CRM, connected in test mode. off: it starts with one organization, one entity (USD) and a standard chart of accounts.',
    onOrOff,
  ),
  bootstrapApiKey: variable(
    'TRIBUTARY_BOOTSTRAP_API_KEY',
    'unset',
    'On the first start this becomes an API key of the first organization, with every scope.',
    bootstrapApiKey,
    secret,
  ),
  adminEmail: variable(
    'TRIBUTARY_ADMIN_EMAIL',
    'made and printed once',
    'The e-mail address of the first user.',
    emailAddress,
  ),
  adminPassword: variable(
    'TRIBUTARY_ADMIN_PASSWORD',
    'made and printed once',
    'The password of the first user.',
    password,
    secret,
  ),
  smtpUrl: variable(
    'SMTP_URL',
    'unset: nothing is mailed',
    'The mail server for invoices: smtp://user:password@host:587, or smtps:// for TLS from the start.',
    smtpUrl,
    secret,
  ),
  smtpFrom: variable(
    'SMTP_FROM',
    'the user of SMTP_URL, where that is an e-mail address',
    'The address that mails come from.',
    emailAddress,
  ),
  logLevel: variable(
    'TRIBUTARY_LOG_LEVEL',
    'info',
    `What is logged: ${logLevels.join(', ')}. JSON lines when the output is not a terminal.`,
    z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
  ),
} as const;
