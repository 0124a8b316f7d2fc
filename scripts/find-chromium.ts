import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser for the browser tests: CHROMIUM_PATH, else the first known name in PATH; or the reason why none. */
export function findChromium(env: NodeJS.ProcessEnv): { path: string } | { reason: string } {
  const chosen = env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (isAbsolute(chosen) && isExecutable(chosen)) return { path: chosen };
    return { reason: `CHROMIUM_PATH is ${chosen}, which cannot be run` };
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '');
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...macPaths];
  const path = candidates.find(isExecutable);
  if (path !== undefined) return { path };
  return { reason: `no browser found (looked for ${names.join(', ')} in PATH; set CHROMIUM_PATH)` };
}
