import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ResponseOf } from '../../contract/client.ts';
import { clientAction, collect, type CommandContext, type Tools } from '../command-action.ts';
import { exitStatus, type ExitStatus } from '../exit-status.ts';
import { parsePairs, parseSettingsFile } from '../parse-settings.ts';
import { UsageError } from '../report-failure.ts';
import { writeLine } from '../terminal.ts';

interface ConfigureOptions {
  readonly set?: readonly string[];
  readonly file?: string;
  readonly comment?: string;
}

/** Reading and changing what a connection does. */
export function addConfigurationCommands(program: Command, context: CommandContext): void {
  program
    .command('configuration')
    .summary('print the configuration of a connection')
    .argument('<connection>', 'id of the connection')
    .option('--version-number <n>', 'an older version')
    .action(
      clientAction<[string, { versionNumber?: string }]>(context, async (tools, id, options) => {
        const version = options.versionNumber === undefined ? undefined : Number(options.versionNumber);
        return show(
          tools,
          await tools.client.call('getConfiguration', { params: { id }, query: { version } }),
        );
      }),
    );
  program
    .command('configure')
    .summary('change the configuration of a connection')
    .argument('<connection>', 'id of the connection')
    .option('--set <key=value>', 'set one key, such as deals.minimumAmount=100 (may be repeated)', collect)
    .option('--file <file>', 'settings as JSON: all of them or a part; - for standard input')
    .option('--comment <text>', 'why')
    .action(clientAction<[string, ConfigureOptions]>(context, configure));
}

async function configure(tools: Tools, id: string, options: ConfigureOptions): Promise<ExitStatus> {
  const { client } = tools;
  if ((options.set === undefined) === (options.file === undefined)) {
    throw new UsageError('Give either --set key=value or --file settings.json.');
  }
  const comment = options.comment === undefined ? {} : { comment: options.comment };
  const params = { id };
  if (options.file === undefined) {
    const set = parsePairs(options.set ?? []);
    return show(tools, await client.call('changeConfiguration', { params, body: { set, ...comment } }));
  }
  const text = options.file === '-' ? await tools.terminal.readInput() : await readSettings(options.file);
  const current = await client.call('getConfiguration', { params });
  const file = parseSettingsFile(text, Object.keys(current.settings));
  if ('whole' in file) {
    const body = { settings: file.whole, ...comment };
    return show(tools, await client.call('saveConfiguration', { params, body }));
  }
  return show(
    tools,
    await client.call('changeConfiguration', { params, body: { set: file.set, ...comment } }),
  );
}

async function readSettings(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read.`, { cause: error });
  }
}

function show({ terminal, json }: Tools, configuration: ResponseOf<'getConfiguration'>): ExitStatus {
  writeLine(terminal, json ? JSON.stringify(configuration) : JSON.stringify(configuration, null, 2));
  return exitStatus.done;
}
