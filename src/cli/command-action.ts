import type { Command } from 'commander';
import { type ApiClient, createClient } from '../contract/client.ts';
import { exitStatus, type ExitStatus } from './exit-status.ts';
import { reportFailure, UsageError } from './report-failure.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets from the composition root. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called once, with the exit status of the command. */
  readonly finish: (status: ExitStatus) => void;
}

/** What a command that talks to the server works with. */
export interface Tools {
  readonly client: ApiClient;
  readonly terminal: Terminal;
  readonly json: boolean;
}

const defaultUrl = 'http://127.0.0.1:4000';

/** `--json` may stand anywhere on the line. */
export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/** The action of a command that needs no server: reports what goes wrong and passes the exit status on. */
export function localAction<Args extends readonly unknown[]>(
  context: CommandContext,
  work: (tools: Omit<Tools, 'client'>, ...args: Args) => Promise<ExitStatus>,
): (...args: [...Args, Command]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const args = given.slice(0, -1) as unknown as Args;
    const json = wantsJson(command);
    const { terminal } = context;
    try {
      context.finish(await work({ terminal, json }, ...args));
    } catch (error) {
      context.finish(reportFailure(terminal, error, json));
    }
  };
}

/** The action of a command that talks to the server that TRIBUTARY_URL names, by the key in TRIBUTARY_API_KEY. */
export function clientAction<Args extends readonly unknown[]>(
  context: CommandContext,
  work: (tools: Tools, ...args: Args) => Promise<ExitStatus>,
): (...args: [...Args, Command]) => Promise<void> {
  return localAction<Args>(context, (tools, ...args) =>
    work({ ...tools, client: clientFrom(context.environment) }, ...args),
  );
}

function clientFrom(environment: CommandContext['environment']): ApiClient {
  const baseUrl = environment['TRIBUTARY_URL']?.trim() || defaultUrl;
  if (!URL.canParse(baseUrl)) throw new UsageError(`TRIBUTARY_URL is not an address: ${baseUrl}`);
  const key = environment['TRIBUTARY_API_KEY']?.trim();
  if (key !== undefined && !/^[\x21-\x7e]*$/.test(key))
    throw new UsageError('TRIBUTARY_API_KEY is not a key.');
  return createClient({ baseUrl, headers: key ? { authorization: `Bearer ${key}` } : {} });
}

/** For `some` of many that failed. */
export function statusOfOutcomes(failed: number): ExitStatus {
  return failed > 0 ? exitStatus.someFailed : exitStatus.done;
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
