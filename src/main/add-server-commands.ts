import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { type CommandContext, localAction } from '../cli/command-action.ts';
import { exitStatus, type ExitStatus } from '../cli/exit-status.ts';
import { UsageError } from '../cli/report-failure.ts';
import { writeLine } from '../cli/terminal.ts';

// The server's modules are loaded by the commands that need them: the others answer twice as fast without.

/** The commands that are the server, or look after its store. */
export function addServerCommands(program: Command, context: CommandContext): void {
  const { terminal, environment } = context;
  const server = (parts: { demo: boolean; build: boolean; worker: (embedded: boolean) => boolean }) =>
    localAction(context, async () => {
      const { readConfig } = await import('../platform/config/config.ts');
      const { runServer } = await import('./start.ts');
      const embedded = readConfig(environment).databaseUrl === null;
      await runServer(terminal, environment, { ...parts, worker: parts.worker(embedded) });
      return exitStatus.done;
    });
  program
    .command('start')
    .summary('API, web page and worker in one process; a demo on an empty embedded store')
    .action(server({ demo: true, build: true, worker: () => true }));
  program
    .command('serve')
    .summary('API and web page; on the embedded store, which takes one process, the worker too')
    .action(server({ demo: false, build: false, worker: (embedded) => embedded }));
  program
    .command('worker')
    .summary('carry out runs; as many of these as you like, on PostgreSQL')
    .action(
      localAction(context, async () => {
        const { runWorker } = await import('./run-worker.ts');
        await runWorker(environment);
        return exitStatus.done;
      }),
    );
  program
    .command('migrate')
    .summary('bring the store up to date, and fill an empty one')
    .action(localAction(context, ({ json }) => migrateStore(context, json)));
  program
    .command('sandbox')
    .summary('start the sandbox of an outside system; its options follow --')
    .argument('[options...]', 'such as -- --port 5000 --deals 400')
    .action(localAction<[string[], unknown]>(context, (_tools, options) => runSandbox(options)));
  addBackupCommands(program, context);
}

function addBackupCommands(program: Command, context: CommandContext): void {
  const { terminal, environment } = context;
  program
    .command('backup')
    .summary('write the embedded store into an archive; stop the server first')
    .requiredOption('--out <file>', 'the archive, such as tributary.tar.gz')
    .action(
      localAction<[{ out: string }]>(context, async ({ json }, { out }) => {
        const { backUp } = await import('./backup.ts');
        const file = await backUp(terminal, environment, out);
        writeLine(terminal, json ? JSON.stringify({ file }) : `The store is in ${file}.`);
        return exitStatus.done;
      }),
    );
  program
    .command('restore')
    .summary('put the embedded store of an archive in place; there must be none yet')
    .argument('<file>', 'the archive')
    .action(
      localAction<[string, unknown]>(context, async ({ json }, file) => {
        const { restore } = await import('./backup.ts');
        const dataDir = await restore(environment, file);
        writeLine(terminal, json ? JSON.stringify({ dataDir }) : `The store is in ${dataDir}.`);
        return exitStatus.done;
      }),
    );
}

async function migrateStore({ terminal, environment }: CommandContext, json: boolean): Promise<ExitStatus> {
  const { migrate } = await import('./migrate.ts');
  const { created, adminEmail, generatedPassword } = await migrate(environment);
  if (json) writeLine(terminal, JSON.stringify({ created, adminEmail, password: generatedPassword }));
  else {
    writeLine(terminal, 'The store is up to date.');
    if (created) writeLine(terminal, `Sign in with ${adminEmail ?? ''}`);
    if (generatedPassword !== null) writeLine(terminal, `Password ${generatedPassword} (shown this once)`);
  }
  return exitStatus.done;
}

/** The sandbox in the foreground: it has the terminal, and its exit status is ours. */
async function runSandbox(options: readonly string[]): Promise<ExitStatus> {
  const script = fileURLToPath(new URL('../../sandbox/hubspot/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, ...options], {
    stdio: 'inherit',
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', forward);
  process.on('SIGINT', forward);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 2) throw new UsageError('The sandbox does not know these options.');
  return code === 0 ? exitStatus.done : exitStatus.unexpected;
}
