/** Imports point one way (ARCHITECTURE.md, "Which way imports point"): this test fails when one points back. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allImports, circles, type Import, roomOf } from './source-imports.ts'

/** The rooms that each room may import. Every room may import errors/ and facts/. */
const MAY: Record<string, readonly string[]> = {
  errors: [],
  facts: [],
  metrics: [],
  record: [],
  search: [],
  bench: ['metrics', 'search'],
  cluster: [],
  model: ['bench'],
  import: ['record'],
  assertions: ['record'],
  gate: ['assertions'],
  reports: ['record', 'assertions', 'gate'],
  watch: ['metrics', 'record', 'assertions'],
  scenarios: ['bench', 'cluster', 'record'],
  preflight: ['bench', 'cluster', 'record', 'scenarios'],
  testbed: ['cluster'],
  explore: ['bench', 'scenarios'],
  cli: [
    'bench',
    'cluster',
    'record',
    'import',
    'assertions',
    'gate',
    'metrics',
    'reports',
    'watch',
    'scenarios',
    'preflight',
    'model',
    'search',
    'explore',
    'testbed',
  ],
}

const GROUND_FLOOR = ['errors', 'facts']

/** Rooms of which another room may import only a part. */
const ONLY: { from: string; room: string; path: RegExp; why: string }[] = [
  { from: 'testbed', room: 'cluster', path: /^cluster\/kubernetes\//, why: 'the API client only' },
  {
    from: 'model',
    room: 'bench',
    path: /^bench\/(policies\/|random\/|types\.ts$)/,
    why: 'the pure parts only',
  },
  { from: 'explore', room: 'bench', path: /^bench\/random\//, why: 'random numbers only' },
  {
    from: 'explore',
    room: 'scenarios',
    path: /^scenarios\/(types|definition\/format)\.ts$/,
    why: 'types and the format only',
  },
  {
    from: 'gate',
    room: 'assertions',
    path: /^assertions\/(verdict\/verdict|statistics\/index)\.ts$/,
    why: 'the verdict type and statistics only',
  },
  {
    from: 'reports',
    room: 'assertions',
    path: /^assertions\/verdict\/verdict\.ts$/,
    why: 'the verdict type only',
  },
  {
    from: 'watch',
    room: 'assertions',
    path: /^assertions\/(verdict\/verdict|statistics\/index)\.ts$/,
    why: 'the verdict type and statistics only',
  },
]

const rooms = Object.keys(MAY)
const product = await allImports(rooms)
const written = (imports: readonly Import[]) => imports.map(({ file, target }) => `${file} imports ${target}`)

test('no import points against the direction of the rooms', () => {
  assert.ok(product.length > 1000, `only ${product.length} imports were found: the test is blind`)
  const wrong = product.filter(({ file, target }) => {
    const [from, to] = [roomOf(file), roomOf(target)]
    return to !== from && !(GROUND_FLOOR.includes(to) && from !== 'errors') && !MAY[from]!.includes(to)
  })
  assert.equal(written(wrong), [])
})

test('a room that may import a part of another imports only that part', () => {
  const wrong = product.flatMap((one) =>
    ONLY.filter(
      ({ from, room, path }) =>
        from === roomOf(one.file) && room === roomOf(one.target) && !path.test(one.target),
    ).map(({ why }) => `${one.file} imports ${one.target} (${why})`),
  )
  assert.equal(wrong, [])
})

test('only the command line and tests import the testbed', async () => {
  const all = await allImports([...rooms, 'tools', 'tests'])
  const allowed = ['testbed', 'cli', 'tests', 'tools']
  const wrong = all.filter(
    ({ file, target }) => roomOf(target) === 'testbed' && !allowed.includes(roomOf(file)),
  )
  assert.equal(written(wrong), [])
})

/** Parts of the testbed that others share, and the API server: whatever is not among these they leave alone. */
const PARTS_MAY: Record<string, readonly string[]> = {
  runtime: [],
  tls: [],
  spdy: [],
  apiserver: ['runtime', 'tls', 'spdy'],
}

test('what parts of the testbed share imports none of them', () => {
  const partOf = (file: string) => (roomOf(file) === 'testbed' ? file.split('/')[1]! : undefined)
  const wrong = product.filter(({ file, target }) => {
    const [from = '', to] = [partOf(file), partOf(target)]
    return to !== undefined && to !== from && PARTS_MAY[from]?.includes(to) === false
  })
  for (const part of Object.keys(PARTS_MAY))
    assert.ok(
      product.some(({ target }) => partOf(target) === part),
      `nothing imports ${part}`,
    )
  assert.equal(written(wrong), [])
})

test('the product imports neither tests nor tools, and tools import no tests', async () => {
  const all = [...product, ...(await allImports(['tools']))]
  const wrong = all.filter(
    ({ file, target }) =>
      roomOf(target) === 'tests' || (roomOf(target) === 'tools' && roomOf(file) !== 'tools'),
  )
  assert.equal(written(wrong), [])
})

test('no files import values of each other in a circle', async () => {
  const all = await allImports([...rooms, 'tools', 'tests'])
  assert.equal(circles(all.filter(({ typeOnly }) => !typeOnly)), [])
})

test('the search for circles finds one', () => {
  const edge = (file: string, target: string) => ({ file, target, typeOnly: false })
  const edges = [edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('c', 'd')]
  assert.equal(circles(edges), [['a', 'b', 'c']])
})

test.run()
