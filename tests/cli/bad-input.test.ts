/** Whatever a user gets wrong is one line that says what, where and what to do, with the right exit code. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CATALOGUE, type ErrorCode } from '#weir/errors/index.ts'
import { writeRecord } from '#weir/import/index.ts'
import { smallRecord } from '../reports/small-report.ts'
import { projectFile } from '../support/project-file.ts'
import { weir } from './weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-bad-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)

async function refused(args: string[], code: ErrorCode, words: RegExp): Promise<void> {
  const ran = await weir(args)
  assert.is(ran.code, CATALOGUE[code].exit, `exit code of ${args.join(' ')}: ${ran.stderr}`)
  assert.is(ran.stdout, '')
  assert.is(ran.stderr.trimEnd().split('\n').length, 1, `one line, not:\n${ran.stderr}`)
  assert.match(ran.stderr, words)
  assert.match(ran.stderr, new RegExp(`^weir: .* \\[${code}\\]\n$`))
  assert.not.match(ran.stderr, /\n\s+at /)
}

const BAD_LINES: [string[], ErrorCode, RegExp][] = [
  [[], 'WEIR_USAGE', /--help/],
  [['rum'], 'WEIR_USAGE', /did you mean "run"/],
  [['scenarios'], 'WEIR_USAGE', /weir scenarios --help/],
  [['scenarios', 'lst'], 'WEIR_USAGE', /did you mean "list"/],
  [['run'], 'WEIR_USAGE', /argument is missing/],
  [['run', 'blue-green', '--ot', 'x'], 'WEIR_USAGE', /did you mean "--out"/],
  [['run', 'blue-green', 'rolling'], 'WEIR_USAGE', /"rolling"/],
  [['run', 'blue-green', '--fault'], 'WEIR_USAGE', /fault/],
  [['run', 'blue-green', '--testbed', 'kin'], 'WEIR_USAGE', /"embedded"/],
  [['run', 'blue-green', '--seed', 'many'], 'WEIR_USAGE', /whole number/],
  [['run', 'blue-green', '--seed', '-1'], 'WEIR_USAGE', /whole number/],
  [['bench', 'conn', '-p', 'many'], 'WEIR_USAGE', /takes a number/],
  [['plan', '--clients', '100'], 'WEIR_USAGE', /either --conn-evict-rate or goals/],
  [['plan', '--clients', '100', '--conn-evict-rate', '0'], 'WEIR_USAGE', /--conn-evict-rate is 0 but must/],
  [['plan', '--clients', '100', '--conn-evict-rate', '5', '--licence', '60'], 'WEIR_USAGE', /60.* 34 fewer/],
  [
    ['plan', '--clients', '9', '--conn-evict-rate', '5', '--emqx', 'latest'],
    'WEIR_USAGE',
    /latest is no version/,
  ],
  [['plan', '--clients', '100', '--within', '1x'], 'WEIR_USAGE', /--within takes a duration/],
  [['plan', '--clients', '100', '--max-offline', '200%'], 'WEIR_USAGE', /--max-offline takes a share/],
  [['plan', '--clients', '100', '--within', '1m'], 'WEIR_USAGE', /no rate meets --within: .* not 60 s/],
  [
    ['plan', '--clients', '9', '--conn-evict-rate', '5', '--reconnect', 'fixed:1s-2s'],
    'WEIR_USAGE',
    /is not a client library/,
  ],
  [
    ['plan', '--clients', '9', '--conn-evict-rate', '5', '--reconnect', 'nobody'],
    'WEIR_USAGE',
    /no reconnect policy "nobody"/,
  ],
  [
    ['search', 'blue-green-v5-quick', '--from', '10', '--to', '80', '--target', 'fastness'],
    'WEIR_USAGE',
    /--target fastness is no assertion/,
  ],
  [
    ['search', 'blue-green-v5-quick', '--from', '10', '--to', '80', '--target', 'downtimeP98<=2'],
    'WEIR_USAGE',
    /--target downtimeP98<=2: the figures are took/,
  ],
  [
    ['search', 'blue-green-v5-quick', '--from', '10', '--to', '80', '--target', 'downtimeP99<=soon'],
    'WEIR_USAGE',
    /"soon" is not a number/,
  ],
  [
    ['search', 'blue-green-v5-quick', '--from', '10', '--to', '80', '--target', 'eviction-slope'],
    'WEIR_USAGE',
    /blue-green-v5-quick does not ask for eviction-slope/,
  ],
  [
    ['search', 'blue-green-v5-quick', '--from', '80', '--to', '10', '--target', 'downtime'],
    'WEIR_USAGE',
    /--from 80 is larger than --to 10/,
  ],
  [
    ['search', 'rolling', '--from', '1', '--to', '10', '--target', 'harness-healthy'],
    'WEIR_USAGE',
    /rolling configures no connEvictRate/,
  ],
  [['doctor', '--kubeconfig', 'k', '--service', ''], 'WEIR_USAGE', /--service has no value/],
  [['prometheus-config', '--kubeconfig', 'a:b'], 'WEIR_USAGE', /one kubeconfig, not several/],
  [['doctor', '--service', 'mqtt'], 'WEIR_USAGE', /--service needs a cluster: add --kubeconfig/],
  [
    ['doctor', '--kubeconfig', 'k', '--service', 'mqtt', '--address', 'a:1883'],
    'WEIR_USAGE',
    /mutually exclusive/,
  ],
  [
    ['doctor', '--kubeconfig', 'k', '--address', 'mqtts://a:1883'],
    'WEIR_USAGE',
    /--address "mqtts:\/\/a:1883" is not a host: use HOST, HOST:PORT or \[IPV6\]:PORT, separated by commas(?! and)/,
  ],
  [['run', 'blue-gren'], 'WEIR_SCENARIO_UNKNOWN', /did you mean "blue-green"/],
  [['scenarios', 'validate', path('missing.yaml')], 'WEIR_SCENARIO_UNKNOWN', /missing\.yaml/],
  [['run', 'blue-green', '--fault', 'rate-14'], 'WEIR_FAULT_UNKNOWN', /did you mean "rate-13"/],
  [['run', 'blue-green', '--set', 'fleet.cliets=1'], 'WEIR_SET_INVALID', /did you mean "clients"/],
  [['run', 'blue-green', '--set', 'fleet'], 'WEIR_SET_INVALID', /path=value/],
  [['run', 'blue-green', '--set', 'assert.0=eviction-slop'], 'WEIR_ASSERTION_UNKNOWN', /eviction-slope/],
  [
    ['run', 'blue-green', '--kubeconfig', path('none'), '--fault', 'rate-13'],
    'WEIR_FAULT_REFUSED',
    /testbed/,
  ],
  [['run', 'blue-green', '--kubeconfig', path('none')], 'WEIR_KUBECONFIG', /none/],
  [['observe'], 'WEIR_USAGE', /--kubeconfig is missing/],
  [['observe', '--kubeconfig', 'x', '--clients', '-1'], 'WEIR_USAGE', /whole number/],
  [['observe', '--kubeconfig', 'x', '--duration', '0'], 'WEIR_USAGE', /--duration takes seconds/],
  [['doctor', 'blue-green'], 'WEIR_USAGE', /"blue-green" needs a cluster: add --kubeconfig/],
  [['doctor', '--namespace', 'emqx'], 'WEIR_USAGE', /--namespace needs a cluster/],
  [
    ['doctor', '--kubeconfig', path('none'), '-h', 'localhost'],
    'WEIR_USAGE',
    /kubeconfig.*hostname|hostname.*kubeconfig/,
  ],
  [['doctor', '--clients', '1.5'], 'WEIR_USAGE', /--clients is 1.5/],
  [['doctor', '--kubeconfig', path('none'), '--set', 'a=b'], 'WEIR_USAGE', /add its name/],
  [['run', 'blue-green-quick', '--fault', 'skip-health-wait'], 'WEIR_FAULT_REFUSED', /scenario for v2beta1/],
  [['run', 'scale-in-raw-v5', '--to', '5.8.9'], 'WEIR_USAGE', /upgrades nothing/],
  [['check', path('nothing')], 'WEIR_RECORD_MISSING', /weir run/],
  [['report', path('nothing'), '--html'], 'WEIR_RECORD_MISSING', /weir run/],
  [['report', path('nothing'), '--html', '--json'], 'WEIR_USAGE', /one format/],
  [['import', path('nothing')], 'WEIR_USAGE', /--out/],
  [['import', path('nothing'), '--out', path('imported')], 'WEIR_IMPORT_INVALID', /nothing/],
]

for (const [args, code, words] of BAD_LINES)
  test(`weir ${args.join(' ').replaceAll(folder, '…')}`, () => refused(args, code, words))

test('a scenario that is not YAML says in which line', async () => {
  writeFileSync(path('broken.yaml'), 'name: a\ncluster: [\n')
  await refused(['scenarios', 'validate', path('broken.yaml')], 'WEIR_SCENARIO_YAML', /broken\.yaml:\d+/)
})

test('a scenario with a wrong word says in which line, and the right word', async () => {
  const shipped = readFileSync(projectFile('scenarios/blue-green.yaml'), 'utf8')
  writeFileSync(path('typo.yaml'), shipped.replace(/^observe:/m, 'obsreve:'))
  await refused(
    ['scenarios', 'validate', path('typo.yaml')],
    'WEIR_SCENARIO_INVALID',
    /typo\.yaml:\d+: .*"obsreve".*"observe"/,
  )
})

test('validate and run show every error of a scenario, each in its line, and nothing else', async () => {
  const shipped = readFileSync(projectFile('scenarios/blue-green.yaml'), 'utf8')
  writeFileSync(
    path('typos.yaml'),
    shipped.replace(/^observe:/m, 'obsreve:').replace('clients: 3000', 'clients: no'),
  )
  for (const command of [['scenarios', 'validate'], ['run']]) {
    const { code, stdout, stderr } = await weir([...command, path('typos.yaml')])
    assert.is(code, 2)
    assert.is(stdout, '')
    const lines = stderr.trimEnd().split('\n')
    assert.is(lines.length, 2, stderr)
    assert.match(lines[0]!, /^weir: .*typos\.yaml:\d+: .*clients is "no".* \[WEIR_SCENARIO_INVALID\]$/)
    assert.match(lines[1]!, /^weir: .*typos\.yaml:\d+: .*"obsreve".* \[WEIR_SCENARIO_INVALID\]$/)
  }
})

test('an unreachable cluster', async () => {
  writeFileSync(
    path('kubeconfig'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      clusters: [{ name: 'a', cluster: { server: 'http://127.0.0.1:9', 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'a', user: {} }],
    }),
  )
  const out = path('never')
  await refused(
    ['run', 'blue-green', '--kubeconfig', path('kubeconfig'), '--out', out],
    'WEIR_CLUSTER_UNREACHABLE',
    /127\.0\.0\.1/,
  )
})

test('a kubeconfig that does not parse', async () => {
  writeFileSync(path('no-kubeconfig'), 'clusters: [')
  for (const command of [['run', 'blue-green', '--yes'], ['observe']])
    await refused([...command, '--kubeconfig', path('no-kubeconfig')], 'WEIR_KUBECONFIG', /no-kubeconfig/)
})

test('a record of a newer format names what reads it', async () => {
  await writeRecord(smallRecord(), path('newer'))
  const manifest = JSON.parse(readFileSync(path('newer/run.json'), 'utf8'))
  writeFileSync(path('newer/run.json'), JSON.stringify({ ...manifest, format: 99 }))
  await refused(['check', path('newer')], 'WEIR_RECORD_NEWER', /format 99/)
})

test('a record whose manifest is cut cannot be read, and says so', async () => {
  await writeRecord(smallRecord(), path('headless'))
  truncateSync(path('headless/run.json'), 40)
  await refused(['check', path('headless')], 'WEIR_RECORD_DAMAGED', /run\.json/)
})

test('a run does not overwrite another record', async () => {
  await writeRecord(smallRecord(), path('taken'))
  const before = readFileSync(path('taken/run.json'), 'utf8')
  const ran = await weir(['run', 'blue-green-quick', '--set', 'fleet.clients=10', '--out', path('taken')])
  assert.is(ran.code, CATALOGUE.WEIR_RECORD_EXISTS.exit, ran.stderr)
  assert.match(ran.stderr, /\[WEIR_RECORD_EXISTS\]\n$/)
  assert.is(readFileSync(path('taken/run.json'), 'utf8'), before)
})

const TO_FOLDERS: [command: string, ...args: string[]][] = [
  ['run', 'blue-green-quick', '--set', 'fleet.clients=10'],
  ['observe', '--kubeconfig', path('no-cluster')],
  ['ops', 'scale', '3', '--kubeconfig', path('no-cluster')],
  ['import', path('no-recording')],
  ['search', 'blue-green-quick', '--target', 'no-storm', '--from', '50', '--to', '100'],
]

for (const args of TO_FOLDERS)
  test(`${args[0]} refuses a folder with other files at once`, async () => {
    mkdirSync(path('mine'), { recursive: true })
    writeFileSync(path('mine/notes.txt'), 'mine')
    await refused([...args, '--out', path('mine')], 'WEIR_USAGE', /mine is not empty \(notes\.txt\)/)
    assert.equal(readdirSync(path('mine')), ['notes.txt'])
    await refused([...args, '--out', path('mine/notes.txt')], 'WEIR_USAGE', /is a file/)
  })

test('each folder of several runs is checked before the first', async () => {
  mkdirSync(path('again-2'))
  writeFileSync(path('again-2/notes.txt'), 'mine')
  const args = ['run', 'blue-green-quick', '--repeat', '2', '--out', path('again')]
  await refused(args, 'WEIR_USAGE', /again-2 is not empty/)
  assert.not(existsSync(path('again-1')))
})

test('a place that cannot be written', async () => {
  await writeRecord(smallRecord(), path('fine'))
  mkdirSync(path('folder'))
  copyFileSync(path('fine/run.json'), path('file'))
  const ran = await weir(['check', path('fine'), '--out', path('file/verdict.json')])
  assert.is(ran.code, CATALOGUE.WEIR_DISK.exit)
  assert.match(ran.stderr, /^weir: .*file\/verdict\.json cannot be written .*\[WEIR_DISK\]\n$/)
})

test('--debug shows the causes as well', async () => {
  const { code, stderr } = await weir(['check', path('nothing'), '--debug'])
  assert.is(code, 2)
  assert.match(stderr, /^weir: .*\n {2}caused by: .*ENOENT/)
})

test.run()
