import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningSandbox, startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import { newSecretKey } from '../support/connections.ts';
import { onServer, urlOfDatabase } from '../support/database.ts';
import { runCommand, type RunningProgram, startProgram, temporaryFolder } from '../support/program.ts';

const apiKey = 'trib_key-of-the-workers-test';
const name = `tributary_test_${randomUUID().replaceAll('-', '')}`;

describe.skipIf(process.env['TRIBUTARY_TEST_POSTGRES'] === undefined)(
  'A server and workers on PostgreSQL',
  { timeout: 120_000 },
  () => {
    let sandbox: RunningSandbox;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    const running: RunningProgram[] = [];

    const start = async (command: string, ready: RegExp): Promise<RunningProgram> => {
      const program = startProgram([command], {
        DATABASE_URL: urlOfDatabase(name),
        TRIBUTARY_SECRET_KEY: secretKey,
        TRIBUTARY_DATA_DIR: folder.path,
        TRIBUTARY_BOOTSTRAP_API_KEY: apiKey,
        PORT: '0',
        HUBSPOT_API_URL: sandbox.url,
      });
      running.push(program);
      await program.waitFor(ready);
      return program;
    };
    const secretKey = newSecretKey();

    beforeAll(async () => {
      folder = await temporaryFolder();
      sandbox = await startHubSpotSandbox({ deals: 40, behaviour: { unthrottled: true, lagMs: 0 } });
      await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`));
    });
    afterAll(async () => {
      for (const program of running) await program.stop('SIGKILL');
      await sandbox.close();
      await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      await folder.remove();
    });

    test('the server queues, a worker carries out; another one goes on when it stops', async () => {
      const server = await start('serve', /"listening"/);
      const environment = {
        TRIBUTARY_URL: /Tributary +(http:\S+)/.exec(server.output())?.[1] ?? '',
        TRIBUTARY_API_KEY: apiKey,
      };
      const token = sandbox.portals[0]?.token ?? '';
      const connected = await runCommand(
        ['connect', 'hubspot', '--token-stdin', '--json'],
        environment,
        token,
      );
      const id = String(connected.lines()[0]?.['id']);
      const first = await start('worker', /worker started/);
      const synced = await runCommand(['sync', id, '--json'], environment);
      expect(synced.status).toBe(3);
      expect(first.output()).toContain('run ended');
      expect(server.output()).not.toContain('run started');
      const second = await start('worker', /worker started/);
      expect((await first.stop()).status).toBe(0);
      sandbox.control.sell({ count: 2 });
      const again = await runCommand(['sync', id, '--json'], environment);
      expect(again.lines()[0]).toMatchObject({ counts: { created: 2, updated: 0 } });
      expect(second.output()).toContain('run ended');
      expect((await second.stop()).status).toBe(0);
      expect((await server.stop()).status).toBe(0);
    });
  },
);
