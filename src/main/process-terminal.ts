import type { Terminal } from '../cli/terminal.ts';

const columnsDefault = 100;
/** A token or a file of settings is a few kilobytes; more on standard input is a mistake. */
const inputBytesMax = 5 * 1024 * 1024;

/** The terminal of this process. A reader that goes away (`| head`) ends it quietly. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  return {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    readInput: async () => {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > inputBytesMax) break;
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString('utf8');
    },
    isInteractive: process.stdout.isTTY,
    showsProgress: process.stderr.isTTY,
    columns: process.stdout.columns || process.stderr.columns || columnsDefault,
  };
}
