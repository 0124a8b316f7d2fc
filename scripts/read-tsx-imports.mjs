// Loaded before dependency-cruiser (`node --import`): version 17.4.3 tells swc to read every file as plain TypeScript, and a
// page with JSX in it is then a syntax error. Its typescript parser would read it, but needs the JavaScript API that
// TypeScript 7 does not have. So swc is told here by the file's name what it is. To be deleted when
// dependency-cruiser does so itself.
import { createRequire } from 'node:module';

// The CommonJS object, patched before the first ES import takes its names from it.
const swc = createRequire(import.meta.url)('@swc/core');
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });
