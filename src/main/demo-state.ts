import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** One time that the sandbox sold: doing it again at the same time gives the same deals. */
const saleSchema = z.object({ at: z.string(), count: z.number().int(), create: z.boolean() });

const demoStateSchema = z.object({
  port: z.number().int(),
  seed: z.number().int(),
  deals: z.number().int(),
  /** The seeded deals end here. */
  seedNow: z.string(),
  url: z.string().nullable(),
  sales: z.array(saleSchema),
});

/** What makes the sandbox of a data folder come back as it was. */
export type DemoState = z.infer<typeof demoStateSchema>;
export type DemoSale = z.infer<typeof saleSchema>;

const fileName = 'demo.json';

/** Null: the data folder is not one of a demo. */
export async function readDemoState(dataFolder: string): Promise<DemoState | null> {
  try {
    return demoStateSchema.parse(JSON.parse(await readFile(join(dataFolder, fileName), 'utf8')));
  } catch {
    return null;
  }
}

/** Writes the file whole or not at all. */
export async function writeDemoState(dataFolder: string, state: DemoState): Promise<void> {
  const file = join(dataFolder, fileName);
  const unfinished = `${file}.unfinished`;
  const handle = await open(unfinished, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(state)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
