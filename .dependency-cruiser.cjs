/** The borders of the house. See server/docs/decisions/0001-shape.md for why they run where they run. */
const slices =
  'members|listings|requests|auctions|trading|search|mail|contracts|logistics|settlement|longterm|negotiation|freight';

/** Which packages each package may use. */
const packageBorders = {
  units: [],
  coal: ['units'],
  blend: ['units', 'coal'],
  engine: ['units'],
  ledger: ['units'],
  protocol: ['units'],
  client: ['units', 'protocol'],
  esign: [],
  testkit: [],
  verifier: [],
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Of code: a function may take the class that uses it, which is a type alone.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'packages-know-no-process',
      comment: 'Rules and wire are used by server and web, never the other way round.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(server|web)/' },
    },
    {
      name: 'web-knows-no-server',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^(server|packages/(engine|ledger|testkit))/' },
    },
    {
      name: 'server-knows-no-web',
      severity: 'error',
      from: { path: '^server/src/' },
      to: { path: '^web/' },
    },
    ...Object.entries(packageBorders).map(([name, allowed]) => ({
      name: `package-${name}`,
      severity: 'error',
      from: { path: `^packages/${name}/src/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
    })),
    {
      name: 'platform-knows-nobody',
      severity: 'error',
      from: { path: '^server/src/platform/' },
      to: { path: `^server/src/(exchange|${slices}|demo|cli|bank-simulator)/` },
    },
    {
      name: 'exchange-knows-no-slice',
      severity: 'error',
      from: { path: '^server/src/exchange/', pathNot: '\\.test\\.ts$' },
      to: { path: `^server/src/(${slices}|demo|cli|bank-simulator)/` },
    },
    {
      name: 'slices-meet-in-public',
      comment: 'A slice reaches another only through its public.ts.',
      severity: 'error',
      from: { path: `^server/src/(${slices})/`, pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { path: `^server/src/(${slices})/`, pathNot: ['^server/src/$1/', '/public\\.ts$'] },
    },
    {
      name: 'bank-simulator-is-another-house',
      comment: 'The stand-in for a real bank shares nothing with the exchange but the platform.',
      severity: 'error',
      from: { path: '^server/src/bank-simulator/', pathNot: '\\.test\\.ts$' },
      to: { path: `^server/src/(exchange|${slices.replace('|settlement', '')}|demo|cli)/` },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: {
        path: '^(server/src|packages/(units|coal|engine|ledger|protocol|client|esign)/src|web/src)/',
        pathNot: '(\\.test\\.ts$|/testing/|/testing\\.ts$|/oracle/|/crash/|/sim/|/test/)',
      },
      to: { path: '^packages/testkit/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(build|\\.svelte-kit|paraglide|\\$types)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'svelte', 'default'],
      extensions: ['.ts', '.js', '.svelte'],
    },
  },
};
