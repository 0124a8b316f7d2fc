import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { hashMigrations, readMigrations } from './migrations.ts';
import { inMemory, openPgliteEngine } from './pglite-engine.ts';
import { defaultTemplateFolder, readTemplate, templateFile } from './template.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

async function readProductTemplate(): Promise<Uint8Array<ArrayBuffer>> {
  // Leaves the template behind where there was none.
  await (await openDatabase({ dataDir: inMemory })).close();
  const hash = hashMigrations(await readMigrations(migrationsFolder));
  const template = await readTemplate(await templateFile(defaultTemplateFolder, hash));
  if (!template) throw new Error('A first start has left no template behind');
  return template;
}

test('An embedded store does not keep the 42 MB of the template that it was started from', async () => {
  const watched: WeakRef<ArrayBuffer>[] = [];
  const start = async () => {
    const template = await readProductTemplate();
    watched.push(new WeakRef(template.buffer));
    return openPgliteEngine(inMemory, template);
  };
  const engine = await start();
  await setImmediate();
  collectGarbage();
  expect(watched.map((buffer) => buffer.deref() === undefined)).toEqual([true]);
  await engine.close();
});
