import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of Linux, on every machine that it matters for. */
const ticksPerSecond = 100;

/** Milliseconds of processor time so far; null where nobody can tell. */
export type CpuClock = () => Promise<number | null>;

/** Of this process, in which the embedded store runs. */
export const ownCpuClock: CpuClock = async () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Of a PostgreSQL server on this machine: its processes and those that have ended, which parallel workers do. What else runs meanwhile makes
 * a statement slower, but hardly costs it more processor time.
 */
export const serverCpuClock =
  (dataFolder: string): CpuClock =>
  async () => {
    try {
      const [pid = ''] = (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8')).split('\n');
      let ticks = 0;
      for (const name of await readdir('/proc')) {
        const fields = /^\d+$/.test(name) ? await readStat(name) : null;
        // Fields after the name: 1 the parent, 11 to 14 the times of its own and of children that have ended.
        if (name === pid) ticks += sumOf(fields, [11, 12, 13, 14]);
        else if (fields?.[1] === pid) ticks += sumOf(fields, [11, 12]);
      }
      return ticks === 0 ? null : (ticks / ticksPerSecond) * 1000;
    } catch {
      return null;
    }
  };

/** What stands after the name of the process, which may hold blanks; null: it has ended. */
async function readStat(pid: string): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

const sumOf = (fields: readonly string[] | null, places: readonly number[]): number =>
  places.reduce((sum, place) => sum + Number(fields?.[place] ?? 0), 0);
