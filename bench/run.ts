import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench`: each benchmark in a process of its own, so that memory figures are its own, and the results in bench/results/.
 * `npm run bench -- quick` leaves out 100,000 deals and a million journal lines. `npm run bench -- posting` runs those whose name begins so.
 * Ratios hold across machines; absolute numbers do not.
 */
const quick = process.argv.includes('quick');
const benchmarks: readonly { readonly name: string; readonly file: string; readonly argument: string[] }[] = [
  { name: 'calls-1000', file: 'call-counts.ts', argument: ['1000'] },
  { name: 'calls-10000', file: 'call-counts.ts', argument: ['10000'] },
  { name: 'sync-1000', file: 'sync-throughput.ts', argument: ['1000'] },
  { name: 'sync-10000', file: 'sync-throughput.ts', argument: ['10000'] },
  { name: 'posting-pglite', file: 'posting.ts', argument: ['pglite', '10000'] },
  { name: 'posting-postgres', file: 'posting.ts', argument: ['postgres', '10000'] },
  { name: 'recognition-pglite', file: 'recognition.ts', argument: ['pglite', '10000'] },
  { name: 'recognition-postgres', file: 'recognition.ts', argument: ['postgres', '10000'] },
  {
    name: 'statements-postgres',
    file: 'statements.ts',
    argument: ['postgres', quick ? '100000' : '1000000'],
  },
  { name: 'statements-pglite', file: 'statements.ts', argument: ['pglite', quick ? '100000' : '1000000'] },
  ...(quick ? [] : [{ name: 'sync-100000', file: 'sync-throughput.ts', argument: ['100000', 'no-raw'] }]),
];

const folder = new URL('./results/', import.meta.url);
await mkdir(folder, { recursive: true });
const wanted = process.argv.slice(2).filter((word) => word !== 'quick');
for (const { name, file, argument } of benchmarks) {
  if (wanted.length > 0 && !wanted.some((word) => name.startsWith(word))) continue;
  const loadAtStart = Number((loadavg()[0] ?? 0).toFixed(1));
  const result = JSON.parse(await run(file, argument)) as object;
  const record = {
    benchmark: name,
    at: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpus: cpus().length,
    // Other work on the machine when it began: well above the number of processors, seconds say little and ratios are rough.
    loadAtStart,
    ...result,
  };
  process.stdout.write(`${JSON.stringify(record)}\n`);
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(record, null, 2)}\n`);
}

function run(file: string, argument: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL(file, import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...argument], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    child.once('exit', (code) => {
      if (code === 0) resolve(text.trim().split('\n').at(-1) ?? '');
      else reject(new Error(`${file} ${argument.join(' ')} ended with ${code}`));
    });
  });
}
