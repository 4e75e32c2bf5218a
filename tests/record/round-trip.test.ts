import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  CLIENT_EVENT_KINDS,
  CLIENT_KIND,
  type ClientEventKind,
  type ClientEvents,
  type LogRow,
  type Manifest,
  RECORD_FORMAT,
  type RecordEvent,
} from '#weir/facts/index.ts'
import { readClientStream } from '#weir/record/client-stream-reader.ts'
import { openRecord, readRecord } from '#weir/record/index.ts'
import { readLines } from '#weir/record/lines-reader.ts'
import { testWith } from '../support/programs.ts'
import { projectFile } from '../support/project-file.ts'

const folders: string[] = []
const freshDir = () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-record-'))
  folders.push(dir)
  return dir
}
test.after(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true })
})

const manifest: Manifest = {
  format: RECORD_FORMAT,
  weir: '0.1.0',
  scenario: { name: 'made-up', resolved: {} },
  seed: 1,
  clock: { source: 'monotonic', anchorUnixMs: 1_700_000_000_000 },
  host: { node: 'v24', platform: 'linux', cpus: 2, memoryMiB: 4096 },
  versions: {},
  asserts: [],
  knownDeviations: [],
  notes: [],
}

const GROUP = { name: 'all', protocol: '5', persistent: false, subscribed: false } as const

/** `rows` are [t, client, kind, reason, code, session, target]. */
function batchOf(rows: [number, number, ClientEventKind, string, number, number, string][]): ClientEvents {
  const reasons = [...new Set(rows.map((row) => row[3]))]
  const targets = [...new Set(rows.map((row) => row[6]))]
  return {
    length: rows.length,
    t: Float64Array.from(rows, (row) => row[0]),
    client: Uint32Array.from(rows, (row) => row[1]),
    kind: Uint8Array.from(rows, (row) => CLIENT_KIND[row[2]]),
    reason: Uint16Array.from(rows, (row) => reasons.indexOf(row[3])),
    reasons,
    code: Int16Array.from(rows, (row) => row[4]),
    sessionPresent: Int8Array.from(rows, (row) => row[5]),
    target: Uint16Array.from(rows, (row) => targets.indexOf(row[6])),
    targets,
    localPort: Uint16Array.from(rows, (row) => (row[2] === 'connected' ? 51_883 : 0)),
  }
}

const early = batchOf([
  [2_000, 1, 'attempt', '', -1, -1, '127.0.0.1:1883'],
  [1_000, 0, 'scheduled', '', -1, -1, '127.0.0.1:1883'],
  [3_000, 1, 'connected', '', 0, 1, '127.0.0.1:1883'],
])
const late = batchOf([
  [9_000_000_001, 1, 'disconnected', 'disconnect-packet', 0x9c, -1, '127.0.0.1:1883'],
  [9_000_000_002, 0, 'refused', 'connack', 3, -1, '127.0.0.2:1883'],
])

test('what was written is read back, sorted by time', async () => {
  const dir = freshDir()
  const writer = await openRecord(dir, manifest)
  await writer.fleet({ ids: ['c0', 'c1'], group: [0, 0], groups: [GROUP] })
  writer.event({ t: 5, type: 'mark', name: 'trigger' })
  writer.event({ t: 2, type: 'mark', name: 'fleet-ready' })
  writer.scrape({ t: 7, tookNs: 1, pod: 'p', node: 'n', ok: false, error: 'timeout', metrics: {} })
  writer.clients(early)
  await writer.flush()
  writer.clients(late)
  await writer.manifest({ notes: ['shortened'] })
  await writer.close({ t: 10, how: 'completed' })

  const record = await readRecord(dir)
  assert.equal(record.damage, [])
  assert.equal(record.manifest.notes, ['shortened'])
  assert.equal(record.manifest.end, { t: 10, how: 'completed' })
  assert.equal(record.fleet.ids, ['c0', 'c1'])
  assert.equal(
    record.events.map((event) => event.t),
    [2, 5],
  )
  assert.is(record.scrapes[0]!.ok, false)
  const { clients } = record
  assert.equal([...clients.t], [1_000, 2_000, 3_000, 9_000_000_001, 9_000_000_002])
  assert.equal([...clients.client], [0, 1, 1, 1, 0])
  assert.equal(
    [...clients.kind].map((kind) => CLIENT_EVENT_KINDS[kind]),
    ['scheduled', 'attempt', 'connected', 'disconnected', 'refused'],
  )
  assert.equal(
    [...clients.reason].map((reason) => clients.reasons[reason]),
    ['', '', '', 'disconnect-packet', 'connack'],
  )
  assert.equal([...clients.code], [-1, -1, 0, 0x9c, 3])
  assert.equal([...clients.sessionPresent], [-1, -1, 1, -1, -1])
  assert.equal([...clients.localPort], [0, 0, 51_883, 0, 0])
  assert.is(clients.targets[clients.target[4]!], '127.0.0.2:1883')
})

const LOGS: LogRow[] = [
  { t: 1, type: 'start', pod: 'p', container: 'emqx' },
  { t: 2, type: 'line', pod: 'p', container: 'emqx', at: '2026-01-01T00:00:00Z', text: 'one', cutBytes: 3 },
  { t: 3, type: 'gap', pod: 'p', container: 'emqx', why: 'a break' },
  { t: 4, type: 'omitted', pod: 'p', container: 'emqx', lines: 2, bytes: 20 },
  { t: 5, type: 'end', pod: 'p', container: 'emqx' },
]

test('logs are read back; a record without them has none, and no damage', async () => {
  const dir = freshDir()
  const writer = await openRecord(dir, manifest, { logs: true })
  for (const row of LOGS) writer.log(row)
  await writer.close({ t: 10, how: 'completed' })
  const file = join(dir, 'logs.ndjson')
  const whole = (await readRecord(dir)).logs
  assert.equal(whole, LOGS)
  truncateSync(file, readFileSync(file).length - 5)
  const torn = await readRecord(dir)
  assert.equal(torn.logs, LOGS.slice(0, -1))
  assert.equal(
    torn.damage.filter(({ file }) => file === 'logs.ndjson'),
    [{ file: 'logs.ndjson', what: 'the last line (5) is cut off' }],
  )
  writeFileSync(file, '{"t":1,"type":"line","pod":"p","container":"emqx","at":"","text":7}\n')
  assert.match((await readRecord(dir)).damage.at(-1)!.what, /^line 1 cannot be read: \/text must be string/)
  rmSync(file)
  const older = await readRecord(dir)
  assert.is(older.logs, undefined)
  assert.not(older.damage.some(({ file }) => file === 'logs.ndjson'))
})

test('a folder that holds a record already is refused', async () => {
  const dir = freshDir()
  await (await openRecord(dir, manifest)).close({ t: 0, how: 'completed' })
  const code = await openRecord(dir, manifest).then(
    () => 'opened',
    (error) => error.code,
  )
  assert.is(code, 'WEIR_RECORD_EXISTS')
})

test('of two runs that open one folder at once one gets it, and the manifest stays its own', async () => {
  const dir = freshDir()
  const opened = await Promise.allSettled([1, 2].map((seed) => openRecord(dir, { ...manifest, seed })))
  const winners = opened.flatMap((one, index) =>
    one.status === 'fulfilled' ? [{ ...one, seed: index + 1 }] : [],
  )
  assert.is(winners.length, 1)
  await winners[0]!.value.close({ t: 0, how: 'completed' })
  assert.is((await readRecord(dir)).manifest.seed, winners[0]!.seed)
})

test('an unknown kind of event is refused', async () => {
  const writer = await openRecord(freshDir(), manifest)
  const batch = batchOf([[0, 0, 'attempt', '', -1, -1, '']])
  batch.kind[0] = CLIENT_EVENT_KINDS.length
  assert.throws(() => writer.clients(batch), /no client event of kind/)
  await writer.close({ t: 0, how: 'failed' })
})

test('every cut of a record is read up to the cut', async () => {
  const dir = freshDir()
  const writer = await openRecord(dir, manifest)
  await writer.fleet({ ids: [], group: [], groups: [] })
  writer.clients(early)
  writer.event({ t: 1, type: 'mark', name: 'trigger' })
  await writer.flush()
  writer.clients(late)
  writer.event({ t: 2, type: 'mark', name: 'upgrade-done' })
  await writer.close({ t: 3, how: 'completed' })
  const whole = {
    clients: readFileSync(join(dir, 'clients.arrow')),
    events: readFileSync(join(dir, 'events.ndjson')),
  }
  const seen = new Set<number>()
  for (let cut = whole.clients.length; cut >= 0; cut--) {
    const { clients, damage } = readClientStream(whole.clients.subarray(0, cut), 0)
    seen.add(clients.length)
    assert.is(damage !== undefined, cut < whole.clients.length, `cut at ${cut}`)
  }
  assert.equal([...seen], [5, 3, 0])
  for (let cut = whole.events.length - 2; cut > 0; cut--) {
    const text = whole.events.subarray(0, cut).toString()
    const { rows, damage } = readLines<RecordEvent>(text, () => undefined)
    const complete = text.split('\n').length - 1
    assert.ok(rows.length === complete || rows.length === complete + 1)
    assert.is(rows.length + damage.length, complete + (text.endsWith('\n') ? 0 : 1))
  }
})

test('a line that is not JSON is named and the rest is read', async () => {
  const dir = freshDir()
  await (await openRecord(dir, manifest)).close({ t: 0, how: 'completed' })
  writeFileSync(
    join(dir, 'events.ndjson'),
    '{"t":1,"type":"mark","name":"trigger"}\n{"t":2,\n{"t":3,"type":"note","level":"info","text":"kept"}\n',
  )
  const record = await readRecord(dir)
  assert.equal(
    record.events.map((event) => event.t),
    [1, 3],
  )
  assert.ok(record.damage.some((one) => one.file === 'events.ndjson' && one.what.includes('line 2')))
  assert.ok(record.damage.some((one) => one.file === 'fleet.json'))
})

test('missing, newer and unreadable records are told apart', async () => {
  const dir = freshDir()
  const codeOf = () =>
    readRecord(dir).then(
      () => 'none',
      (error) => error.code,
    )
  assert.is(await codeOf(), 'WEIR_RECORD_MISSING')
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...manifest, format: RECORD_FORMAT + 1 }))
  assert.is(await codeOf(), 'WEIR_RECORD_NEWER')
  writeFileSync(join(dir, 'run.json'), '{"format":')
  assert.is(await codeOf(), 'WEIR_RECORD_DAMAGED')
})

test('a killed writer leaves all that it flushed', async () => {
  const dir = freshDir()
  const script = `
    import { openRecord } from '#weir/record/index.ts'
    const writer = await openRecord(${JSON.stringify(dir)}, ${JSON.stringify(manifest)}, { flushEveryMs: 20 })
    writer.event({ t: 1, type: 'mark', name: 'trigger' })
    writer.clients(${JSON.stringify(early)})
    setInterval(() => {}, 1000)
    const before = Date.now()
    const { statSync } = await import('node:fs')
    while (statSync(${JSON.stringify(join(dir, 'events.ndjson'))}).size === 0 && Date.now() - before < 30_000)
      await new Promise((resolve) => setTimeout(resolve, 10))
    await writer.flush()
    process.stdout.write('flushed')`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: projectFile('.'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => {
    child.stdout.once('data', resolve)
    child.once('exit', resolve)
  })
  child.kill('SIGKILL')
  await gone
  const record = await readRecord(dir)
  assert.is(record.events.length, 1)
  assert.is(record.clients.length, 3)
  assert.is(record.manifest.end, undefined)
  assert.not.ok(readdirSync(dir).includes('run.json.new'))
})

const python = `
import sys, pyarrow as pa
reader = pa.ipc.open_stream(sys.argv[1])
print(reader.schema.types)
try:
    while True:
        for row in reader.read_next_batch().to_pylist(): print(row)
except StopIteration: print('end')
except Exception as error: print('cut', type(error).__name__)
`
testWith('pyarrow')('pyarrow reads clients.arrow, also when it is cut off', async () => {
  const dir = freshDir()
  const writer = await openRecord(dir, manifest)
  writer.clients(early)
  await writer.flush()
  writer.clients(late)
  await writer.close({ t: 3, how: 'completed' })
  const path = join(dir, 'clients.arrow')
  const lines = () =>
    spawnSync('python3', ['-c', python, path], { encoding: 'utf8' }).stdout.trim().split('\n')
  const whole = lines()
  assert.is(whole.length, 7, whole.join('\n'))
  assert.match(whole[0]!, /int64.*uint32.*dictionary.*dictionary.*dictionary.*int16.*bool/)
  assert.match(whole[3]!, /'t': 3000, 'client': 1, 'kind': 'connected'.*'code': 0, 'sessionPresent': True/)
  assert.match(whole[1]!, /'code': None, 'sessionPresent': None/)
  assert.match(
    whole[5]!,
    /'refused', 'reason': 'connack', 'target': '127.0.0.2:1883', 'code': 3, 'sessionPresent': None/,
  )
  assert.is(whole[6], 'end')
  truncateSync(path, readFileSync(path).length - 40)
  const cut = lines()
  assert.is(cut.length, 5, cut.join('\n'))
  assert.match(cut[4]!, /^cut/)
})

test.run()
