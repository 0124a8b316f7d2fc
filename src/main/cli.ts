import { Command, CommanderError } from 'commander';
import { addClientCommands } from '../cli/add-client-commands.ts';
import { exitStatus, type ExitStatus } from '../cli/exit-status.ts';
import { reportFailure, UsageError } from '../cli/report-failure.ts';
import { addServerCommands } from './add-server-commands.ts';
import { processTerminal } from './process-terminal.ts';
import { readVersion } from './read-version.ts';

const terminal = processTerminal();

/** Ends the process once what was written has left it: a pipe takes its time. */
function exit(status: ExitStatus): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(status)));
}

function createProgram(json: boolean): Command {
  const version = readVersion();
  const program = new Command('tributary')
    .description('Won deals in the CRM become draft invoices in the books: plan, apply, prove.')
    .version(json ? JSON.stringify({ version }) : version, '-V, --version', 'print the version')
    .option('--json', 'print JSON: one value, or a line for each row of a list')
    .addHelpText(
      'after',
      '\nCommands other than the server’s talk to TRIBUTARY_URL with the key in TRIBUTARY_API_KEY.',
    )
    .showHelpAfterError(json ? false : '(`tributary help` lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => (json ? undefined : write(text)) })
    .exitOverride();
  const context = { terminal, environment: process.env, finish: exit };
  addServerCommands(program, context);
  addClientCommands(program, context);
  return program;
}

/** What commander ends with: help and the like are no errors, everything else is wrong usage. */
function endOfCommander(error: unknown, json: boolean): ExitStatus {
  if (!(error instanceof CommanderError)) return reportFailure(terminal, error, json);
  if (error.exitCode === 0 || error.code === 'commander.help') return exitStatus.done;
  if (json) reportFailure(terminal, new UsageError(error.message.replace(/^error: /, '')), json);
  return exitStatus.wrongUsage;
}

const json = process.argv.includes('--json');
try {
  await createProgram(json).parseAsync(process.argv);
} catch (error) {
  exit(endOfCommander(error, json));
}
