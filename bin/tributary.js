#!/usr/bin/env node
// Starts Tributary. Plain JavaScript, readable by old versions of Node too, so that one that is too old gets a
// sentence and not a syntax error. The TypeScript sources run in this same process (tsx as a loader): signals
// and the exit status need no forwarding, and no child can be left behind.

import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Tributary needs Node 20.19 or newer; this is ${process.versions.node}. Install Node 24 from https://nodejs.org.`,
  );
  process.exit(1);
}

import('tsx/esm/api')
  .then(({ register }) => {
    // Our own compiler settings, wherever the command is called from.
    register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
    return import('../src/main/cli.ts');
  })
  .catch((error) => {
    if (error && error.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes("'tsx'")) {
      console.error('The packages are not installed yet: run `npm install` first.');
    } else {
      console.error(error);
    }
    process.exit(1);
  });
