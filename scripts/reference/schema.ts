import { openDatabase } from '../../src/platform/database/database.ts';
import { describeSchema } from '../../src/platform/database/describe-schema.ts';

/** docs/reference/schema.txt: what the migrations have made of the database, read back from an embedded store in memory. */
export async function generateSchema(): Promise<string> {
  const database = await openDatabase({ dataDir: 'memory://' });
  try {
    return `# Generated from migrations/ by \`npm run generate\`; edit those, not this.\n\n${await describeSchema(database)}`;
  } finally {
    await database.close();
  }
}
