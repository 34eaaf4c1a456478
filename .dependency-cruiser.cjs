// Who may import whom. tsconfig keeps browser, Node and pure code apart; this file keeps the rooms apart.
const room = (name, ...may) => ({
  name: `${name}-imports-only-${['itself', ...may].join('-')}`,
  severity: 'error',
  from: { path: `^src/${name}/`, pathNot: '([.]test[.]|^src/ui/testing/)' },
  to: { path: '^src/', pathNot: `^src/(${[name, ...may].join('|')})/` },
})
const oneDoor = (pkg, door) => ({
  name: `${pkg}-only-in-${door}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^${door}/` },
  to: { path: `node_modules/${pkg}` },
})
module.exports = {
  forbidden: [
    room('mesh'),
    room('clients', 'mesh'),
    room('ui', 'clients', 'mesh'),
    room('demo', 'clients', 'mesh'),
    room('proxy', 'clients', 'mesh'),
    room('rancher', 'proxy', 'clients', 'mesh'),
    room('cli', 'proxy', 'demo', 'clients', 'mesh'),
    {
      name: 'demo-sees-only-the-wire',
      severity: 'error',
      from: { path: '^src/demo/', pathNot: '[.]test[.]' },
      to: { path: '^src/clients/', pathNot: '/wire[.]ts$' },
    },
    {
      name: 'mesh-has-no-packages',
      severity: 'error',
      from: { path: '^src/mesh/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypesNot: ['local'] },
    },
    {
      name: 'pages-are-strangers',
      severity: 'error',
      from: { path: '^src/ui/pages/([^/]+)/' },
      to: { path: '^src/ui/pages/', pathNot: '^src/ui/pages/$1/' },
    },
    oneDoor('recharts', 'src/ui/charts'),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true },
}
