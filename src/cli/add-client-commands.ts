import type { Command } from 'commander';
import type { CommandContext } from './command-action.ts';
import { addAuditCommands } from './commands/audit-commands.ts';
import { addBookCommands } from './commands/book-commands.ts';
import { addConfigurationCommands } from './commands/configuration-commands.ts';
import { addConnectionCommands } from './commands/connection-commands.ts';
import { addRunCommands } from './commands/run-commands.ts';

/** The commands that talk to a running server. */
export function addClientCommands(program: Command, context: CommandContext): void {
  addConnectionCommands(program, context);
  addConfigurationCommands(program, context);
  addRunCommands(program, context);
  addBookCommands(program, context);
  addAuditCommands(program, context);
}
