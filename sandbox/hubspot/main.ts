import { parseArgs } from 'node:util';
import { DEFAULT_PORTALS, type PortalOptions, type SandboxOptions } from './options.ts';
import { type RunningSandbox, startHubSpotSandbox } from './server.ts';

const USAGE = `tsx sandbox/hubspot/main.ts [options]
  --port N              port, 0 for any free one (0)
  --host H              address to listen on (127.0.0.1)
  --deals N             deals of the first portal (40)
  --seed N              seed of all data (1)
  --profile P           realistic | bench | empty (realistic)
  --portal JSON         one portal, may be repeated: {"id","name","currency","timeZone","deals","profile","tier"}
  --seed-now ISO        nothing seeded is newer
  --unthrottled         no rate limits
  --lag-ms N            index lag of search (300)
  --legacy-paths        serve /crm/v3 and /crm/v4 as well
  --option NAME=JSON    any other option of the sandbox, may be repeated
  --exit-with-parent    stop when standard input closes`;

function readArguments(): ReturnType<typeof parse>['values'] {
  try {
    return parse().values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
}

function parse() {
  return parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      deals: { type: 'string', default: '40' },
      seed: { type: 'string', default: '1' },
      profile: { type: 'string', default: 'realistic' },
      portal: { type: 'string', multiple: true },
      'seed-now': { type: 'string' },
      unthrottled: { type: 'boolean', default: false },
      'lag-ms': { type: 'string' },
      'legacy-paths': { type: 'boolean', default: false },
      option: { type: 'string', multiple: true },
      'exit-with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    process.stderr.write(`--${name} must be a whole number, not ${text}\n`);
    process.exit(2);
  }
  return value;
}

function jsonOf<T>(name: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    process.stderr.write(`--${name} must be JSON, not ${text}\n`);
    process.exit(2);
  }
}

function toOptions(values: ReturnType<typeof readArguments>): Partial<SandboxOptions> {
  const behaviour: Record<string, unknown> = {
    unthrottled: values.unthrottled,
    legacyPaths: values['legacy-paths'],
  };
  if (values['lag-ms'] !== undefined) behaviour.lagMs = numberOf('lag-ms', values['lag-ms']);
  for (const entry of values.option ?? []) {
    const at = entry.indexOf('=');
    behaviour[entry.slice(0, at)] = jsonOf('option', entry.slice(at + 1));
  }
  const profile = (['realistic', 'bench', 'empty'] as const).find((name) => name === values.profile);
  if (profile === undefined) {
    process.stderr.write('--profile must be realistic, bench or empty\n');
    process.exit(2);
  }
  return {
    port: numberOf('port', values.port),
    host: values.host,
    deals: numberOf('deals', values.deals),
    seed: numberOf('seed', values.seed),
    profile,
    portals: values.portal?.map((text) => jsonOf<PortalOptions>('portal', text)) ?? DEFAULT_PORTALS,
    ...(values['seed-now'] === undefined ? {} : { seedNow: values['seed-now'] }),
    behaviour,
  };
}

/** Stops on SIGTERM, SIGINT and, when asked, when standard input closes: then the parent is gone. */
function stopWhenAsked(running: RunningSandbox, withParent: boolean): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void running.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (!withParent) return;
  process.stdin.resume();
  process.stdin.once('end', stop);
  process.stdin.once('close', stop);
  process.stdin.once('error', stop);
}

const values = readArguments();
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const running = await startHubSpotSandbox(toOptions(values));
stopWhenAsked(running, values['exit-with-parent']);
process.stdout.write(
  `${JSON.stringify({ url: running.url, portals: running.portals, port: running.port })}\n`,
);
