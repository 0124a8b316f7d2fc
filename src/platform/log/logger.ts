import { Writable } from 'node:stream';
import { pino, type Logger as PinoLogger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';
import { isTributaryError } from '../../kernel/errors.ts';
import { redact, redacted, secretNames } from './redact.ts';

export type Logger = PinoLogger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogDestination {
  write(line: string): void;
}

export interface CreateLoggerOptions {
  readonly level: LogLevel;
  /** Where the lines go; standard output unless given. */
  readonly destination?: LogDestination;
  /** For people instead of machines; when the standard output is a terminal unless given. */
  readonly pretty?: boolean;
}

/** Causes below this are left out: they say how the driver failed, not what to do. */
const causesMax = 3;

/**
 * An error by a few fields, never by all it has: drivers hang statements, parameters, requests and whole responses on theirs.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    // A foreseen error says all in its message; a stack is for the others.
    ...(isTributaryError(error) && error.code !== 'internal' ? {} : { stack: error.stack }),
    ...(error.cause instanceof Error && depth < causesMax
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

const withoutQuery = (url: unknown): unknown => (typeof url === 'string' ? url.split('?', 1)[0] : url);

/** The web server's request: its query may hold an authorization code or a search for a person. */
function describeRequest(request: { method?: unknown; url?: unknown }): object {
  return { method: request.method, url: withoutQuery(request.url) };
}

function describeResponse(response: { statusCode?: unknown }): object {
  return { statusCode: response.statusCode };
}

const options: LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    level: (level) => ({ level }),
    // It gets and gives back a record of fields.
    log: (fields) => redact(fields) as Record<string, unknown>,
  },
  // The fields of a child logger do not pass the formatter above.
  redact: { paths: [...secretNames], censor: redacted },
  serializers: {
    err: describeError,
    error: describeError,
    req: describeRequest,
    res: describeResponse,
  },
};

/**
 * The logger: one JSON object a line, or lines for people on a terminal. A message is constant, values stand in fields; every line
 * about a sync has organizationId, connectionId and runId (use `logger.child`). Fields with names of secrets are redacted.
 */
export function createLogger({ level, destination, pretty: forPeople }: CreateLoggerOptions): Logger {
  const onTerminal = destination === undefined && process.stdout.isTTY;
  if (!(forPeople ?? onTerminal)) return pino({ ...options, level }, destination ?? pino.destination(1));
  const stream = pretty({
    colorize: onTerminal,
    translateTime: 'SYS:HH:MM:ss',
    destination: destination ? toWritable(destination) : 1,
    // In the same thread: the last lines before the end are not lost.
    sync: true,
  });
  return pino({ ...options, level }, stream);
}

function toWritable(destination: LogDestination): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      destination.write(String(chunk));
      done();
    },
  });
}
