// Who may import whom. The table below is the one place that says so; ARCHITECTURE.md explains it and
// test/tidy/import-table.test.ts compares the two. `npm run check` runs it.

import { builtinModules } from 'node:module';

const kernel = '^src/kernel/';
const model = '^src/model/';
const platform = '^src/platform/';
const contract = '^src/contract/';
const port = '^src/connectors/connector\\.ts$';
const foundation = [kernel, model, platform];
const books = ['^src/ledger/', '^src/reports/', '^src/organizations/', '^src/connections/'];

/** One row a folder: what it may import besides itself. A folder with no row may import nothing of the tree. */
export const importTable = [
  { folder: 'src/kernel', may: [] },
  { folder: 'src/model', may: [kernel] },
  { folder: 'src/contract', may: [kernel, model] },
  { folder: 'src/platform', may: [kernel] },
  { folder: 'src/ledger', may: foundation },
  { folder: 'src/reports', may: foundation },
  { folder: 'src/organizations', may: foundation },
  { folder: 'src/connections', may: [...foundation, contract, port] },
  { folder: 'src/sync/configuration', may: [...foundation, port, '^src/sync/plan/'] },
  // Answers the API about syncs: it stands above the stages, and none of them imports it.
  { folder: 'src/sync/operations', may: [...foundation, ...books, contract, port, '^src/sync/'] },
  { folder: 'src/sync/plan', may: [kernel, model] },
  { folder: 'src/sync/pull', may: [...foundation, port] },
  { folder: 'src/sync/writeback', may: [...foundation, port] },
  { folder: 'src/sync/apply', may: [...foundation, port, '^src/ledger/'] },
  { folder: 'src/sync/runs', may: [...foundation, contract] },
  { folder: 'src/worker', may: [...foundation, ...books, contract, port, '^src/sync/'] },
  { folder: 'src/api', may: [...foundation, ...books, contract, port, '^src/sync/'] },
  { folder: 'src/cli', may: [kernel, contract] },
  { folder: 'src/web', may: [kernel, model, contract] },
];

/** The tree that the table speaks about. Packages and Node's own modules are not part of it. */
const tree = '^(src|sandbox|test|scripts|bench|bin)/';
const testFile = '\\.test\\.tsx?$';
/** A test beside the code may also stand on the test support and on the sandbox servers. */
const testSupport = ['^test/support/', '^sandbox/', '^migrations/', '^src/connectors/conformance\\.ts$'];

const rowRules = importTable.flatMap(({ folder, may }) => [
  {
    name: `${folder}: import direction`,
    comment: `${folder} imports something outside its row. Pass it in as an argument and wire it in src/main, or move what both need down to model/ or kernel/.`,
    severity: 'error',
    from: { path: `^${folder}/`, pathNot: testFile },
    to: { path: tree, pathNot: [`^${folder}/`, ...may] },
  },
  {
    name: `${folder}: import direction of its tests`,
    comment: `A test in ${folder} imports more than the folder itself may. A story across folders belongs in test/flows.`,
    severity: 'error',
    from: { path: `^${folder}/.*${testFile}` },
    to: { path: tree, pathNot: [`^${folder}/`, ...may, ...testSupport] },
  },
]);

export default {
  forbidden: [
    ...rowRules,
    {
      name: 'connectors stand alone',
      comment:
        'A connector imports kernel, model, platform and the port; never another connector and nothing of sync.',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/', pathNot: testFile },
      to: { path: tree, pathNot: ['^src/connectors/$1/', ...foundation, port] },
    },
    {
      name: 'connectors stand alone, their tests too',
      comment:
        "A connector's test may also use its sandbox server, the conformance suite and the test support.",
      severity: 'error',
      from: { path: `^src/connectors/([^/]+)/.*${testFile}` },
      to: { path: tree, pathNot: ['^src/connectors/$1/', ...foundation, port, ...testSupport] },
    },
    {
      name: 'the port knows no connector',
      comment: 'connector.ts and conformance.ts describe every connector and name none.',
      severity: 'error',
      from: { path: '^src/connectors/[^/]+\\.ts$', pathNot: '^src/connectors/registry(\\.test)?\\.ts$' },
      to: { path: tree, pathNot: ['^src/connectors/[^/]+\\.ts$', ...foundation, '^test/support/'] },
    },
    {
      name: 'only the registry names a connector',
      comment:
        'Take the connector from the registry that main/ hands you; the port has everything you may ask of it.',
      severity: 'error',
      from: {
        path: '^(src|scripts)/',
        pathNot: ['^src/connectors/registry(\\.test)?\\.ts$', '^src/connectors/[^/]+/'],
      },
      to: { path: '^src/connectors/[^/]+/' },
    },
    {
      name: 'the registry imports connectors only',
      comment: 'registry.ts is one line a connector.',
      severity: 'error',
      from: { path: '^src/connectors/registry\\.ts$' },
      to: { path: tree, pathNot: ['^src/connectors/', ...foundation] },
    },
    {
      name: 'sync: import direction',
      comment: 'sync.ts knows its stages, the ledger and the connector port.',
      severity: 'error',
      from: { path: '^src/sync/[^/]+$', pathNot: testFile },
      to: { path: tree, pathNot: ['^src/sync/', ...foundation, port, '^src/ledger/', '^src/connections/'] },
    },
    {
      name: 'main: everything but the web page',
      comment: 'The web page is built by Vite and served as files; nothing of the server imports it.',
      severity: 'error',
      from: { path: '^src/(?!web/)', pathNot: testFile },
      to: { path: '^src/web/' },
    },
    {
      name: 'only main wires',
      comment: 'main/ is the composition root: nothing in src imports it.',
      severity: 'error',
      from: { path: '^src/(?!main/)' },
      to: { path: '^src/main/' },
    },
    {
      name: 'the product does not import tests, scripts or benchmarks',
      comment: 'Move what the product needs into src/.',
      severity: 'error',
      from: { path: '^src/', pathNot: testFile },
      to: { path: '^(test|scripts|bench)/' },
    },
    {
      name: 'only main starts a sandbox',
      comment: 'A sandbox server is an outside system: reach it by its address.',
      severity: 'error',
      from: { path: '^src/(?!main/)', pathNot: testFile },
      to: { path: '^sandbox/' },
    },
    {
      name: 'a sandbox imports nothing of src',
      comment:
        'A stand-in that shares the code it checks can only agree with it. Write it from the vendor documentation.',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: testFile },
      to: { path: '^(src|test|scripts|bench)/' },
    },
    {
      name: 'sandboxes stand alone',
      comment: 'One sandbox never imports another.',
      severity: 'error',
      from: { path: '^sandbox/([^/]+)/' },
      to: { path: '^sandbox/[^/]+/', pathNot: '^sandbox/$1/' },
    },
    {
      name: 'the web page runs in the browser',
      comment:
        'The web page reaches a module of Node here. Use what browsers have (crypto.getRandomValues, URL, TextEncoder), or split the file.',
      severity: 'error',
      from: { path: '^src/(web|contract)/', pathNot: [testFile, '\\.config\\.ts$'] },
      to: { path: `^(node:)?(${builtinModules.join('|')})$`, reachable: true },
    },
    {
      name: 'the drivers stay in platform/database',
      comment:
        'Take the database as an argument: the embedded store and PostgreSQL look the same behind its interface.',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: '^src/platform/database/' },
      to: { path: '^node_modules/(pg|@electric-sql/pglite|@types/pg)/' },
    },
    {
      name: 'no cycles',
      comment: 'Move what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every import resolves',
      comment: 'Write the path with its .ts extension; a package must be in package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'run-time code uses run-time dependencies',
      comment: 'Move the package to "dependencies" and write its decision note, or do without.',
      severity: 'error',
      from: {
        path: '^(src/(?!web/)|sandbox/|bin/)',
        pathNot: [testFile, '^src/connectors/conformance\\.ts$'],
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage|test-results)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.json', '.d.ts'],
    },
    cache: false,
  },
};
