/** `weir ops logs` on a cluster and on a record, and each way in which there is nothing to show. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LogRow, RecordEvent } from '#weir/facts/index.ts'
import { writeRecord } from '#weir/import/index.ts'
import { type Answers, apiServer, listOf, refusal } from '../../cluster/api-server.ts'
import { smallRecord } from '../../reports/small-report.ts'
import { weir } from '../weir.ts'

const EMQXES = '/apis/apps.emqx.io/v2beta1/namespaces/space/emqxes'
const ENTERPRISES = '/apis/apps.emqx.io/v1beta4/namespaces/space/emqxenterprises'
const PODS = '/api/v1/namespaces/space/pods'

const resource = (kind: string, name: string, spec: object = {}) => ({ kind, metadata: { name }, spec })
const pod = (name: string, ...containers: string[]) => ({
  metadata: { name },
  spec: { containers: containers.map((one) => ({ name: one, image: one })) },
})
const stamped = (...lines: string[]) => ({
  body: lines.map((text, i) => `2026-01-01T00:00:0${i}.000000001Z ${text}\n`).join(''),
})
const WARNING = '2026-01-01T00:00:01.000000+00:00 [warning] msg: of '

/** Two clusters: one's pod with a sidecar, and the other's. */
const CLUSTERS: Answers = {
  [EMQXES]: listOf(resource('EMQX', 'one'), resource('EMQX', 'two')),
  [ENTERPRISES]: listOf(),
  [PODS]: (_body, url) =>
    new URL(url, 'http://k').searchParams.get('labelSelector') === 'apps.emqx.io/instance=one'
      ? listOf(pod('one-0', 'emqx', 'reloader'))
      : listOf(pod('two-0', 'emqx')),
  [`${PODS}/one-0/log`]: (_body, url) =>
    url.includes('container=emqx')
      ? stamped('EMQX 5.8.9 is running now!', `${WARNING}one`)
      : stamped('reloaded, token: abc'),
  [`${PODS}/two-0/log`]: stamped(`${WARNING}two`),
}

const ask = (answers: Answers, ...args: string[]) =>
  apiServer({ ...CLUSTERS, ...answers }, async ({ kubeconfig, requests }) => ({
    ...(await weir(['ops', 'logs', '--kubeconfig', kubeconfig, '--json', ...args])),
    requests,
  }))
const shown = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { cluster: string; category: string; content: string })
    .map(({ cluster, category, content }) => `${cluster} ${category} ${content}`)

const oneLine = (stderr: string, words: RegExp) => {
  assert.is(stderr.trimEnd().split('\n').length, 1, stderr)
  assert.match(stderr, words)
}

test('lines of all clusters and all containers; secrets are left out', async () => {
  const { code, stdout, stderr, requests } = await ask({})
  assert.is(code, 0, stderr)
  assert.equal(shown(stdout).toSorted(), [
    'one EMQX EMQX 5.8.9 is running now!',
    'one EMQX msg: of one',
    'one reloader reloaded, token: [redacted]',
    'two EMQX msg: of two',
  ])
  assert.ok(
    requests.every(({ method }) => method === 'GET'),
    'it only reads',
  )
})

test('a cluster has its own lines alone, and its pods alone are asked', async () => {
  const { stdout, requests } = await ask({}, '--cluster', 'two')
  assert.equal(shown(stdout), ['two EMQX msg: of two'])
  assert.not(requests.some(({ path }) => path.includes('one-0')))
})

test('a product', async () => {
  assert.equal(shown((await ask({}, '--product', 'reloader')).stdout), [
    'one reloader reloaded, token: [redacted]',
  ])
  const unknown = await ask({}, '--product', 'neuron')
  assert.is(unknown.code, 2)
  oneLine(unknown.stderr, /no product neuron in these clusters: use one of emqx, reloader \[WEIR_USAGE\]/)
})

test('a cluster that is not there', async () => {
  const { code, stderr } = await ask({}, '--cluster', 'three')
  assert.is(code, 4)
  oneLine(stderr, /there is no EMQX cluster three in namespace space of .*\[WEIR_CLUSTER_UNFIT\]/)
})

test('a user who may not read logs, and one who may not see the clusters of another project', async () => {
  const forbidden = refusal(
    403,
    'Forbidden',
    'pods "one-0" is forbidden: User "u" cannot get resource "pods/log"',
  )
  const cases: Answers[] = [
    { [`${PODS}/one-0/log`]: forbidden },
    { [EMQXES]: refusal(403, 'Forbidden', 'no') },
  ]
  for (const answers of cases) {
    const { code, stdout, stderr } = await ask(answers)
    assert.equal([code, stdout], [4, ''])
    oneLine(
      stderr,
      /does not allow this user to read logs \(get pods\/log\) in namespace space .*\[WEIR_CLUSTER_FORBIDDEN\]/,
    )
  }
})

test('a pod that is gone, and a container that has not started: the others are shown, and it is said', async () => {
  const { code, stdout, stderr } = await ask({
    [`${PODS}/two-0/log`]: refusal(404, 'NotFound', 'pods "two-0" not found'),
    [`${PODS}/one-0/log`]: (_body, url) =>
      url.includes('container=emqx')
        ? stamped(`${WARNING}one`)
        : refusal(
            400,
            'BadRequest',
            'container "reloader" in pod "one-0" is waiting to start: ImagePullBackOff',
          ),
  })
  assert.is(code, 0)
  assert.equal(shown(stdout), ['one EMQX msg: of one'])
  assert.match(stderr, /^weir: the log of one-0 \(reloader\) cannot be read: .*ImagePullBackOff$/m)
  assert.match(stderr, /^weir: the log of two-0 \(emqx\) cannot be read: pods "two-0" not found$/m)
})

const OFF = { config: { data: 'log { console { level = debug, enable = false } }' } }
const OFF_4 = { template: { spec: { emqxContainer: { emqxConfig: { 'log.to': 'file' } } } } }

test('a log service that is not configured is said, and is no empty list', async () => {
  const silent: Answers = { [`${PODS}/one-0/log`]: { body: '' }, [`${PODS}/two-0/log`]: { body: '' } }
  for (const [listed, words] of [
    [
      { [EMQXES]: listOf(resource('EMQX', 'one', OFF)) },
      /the log service of EMQX one is not configured: with log\.console\.enable = false EMQX prints no log/,
    ],
    [
      { [EMQXES]: listOf(), [ENTERPRISES]: listOf(resource('EmqxEnterprise', 'one', OFF_4)) },
      /the log service of EmqxEnterprise one is not configured: with log\.to = file EMQX prints no log/,
    ],
  ] as const) {
    const { code, stdout, stderr } = await ask({ ...silent, ...listed })
    assert.equal([code, stdout], [4, ''], stderr)
    oneLine(stderr, words)
  }
  const half = await ask({
    ...silent,
    [EMQXES]: listOf(resource('EMQX', 'one', OFF), resource('EMQX', 'two')),
  })
  assert.is(half.code, 0)
  assert.match(half.stderr, /^weir: the log service of EMQX one is not configured/m)
})

const dir = mkdtempSync(join(tmpdir(), 'weir-logs-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
let records = 0

/** A record with these rows, of a cluster emqx-ee. */
async function recordWith(
  logs: LogRow[] | undefined,
  events: RecordEvent[] = [],
  spec: object = {},
): Promise<string> {
  const folder = join(dir, `${++records}`)
  const whole = smallRecord()
  const object = resource('EmqxEnterprise', 'emqx-ee', spec)
  const watch = {
    t: 1,
    type: 'watch',
    kind: 'EmqxEnterprise',
    event: 'INITIAL',
    name: 'emqx-ee',
    object,
  } as const
  await writeRecord({ ...whole, ...(logs && { logs }), events: [watch, ...events, ...whole.events] }, folder)
  return folder
}
const row = (text: string, name = 'gone-0'): LogRow => ({
  ...{ t: 2, type: 'line', pod: name, container: 'emqx', at: '2026-01-01T00:00:00Z', text },
})

test('a record has the lines of pods that are gone, and says what is not among them', async () => {
  const run = await recordWith([
    row(`${WARNING}a pod that is gone`),
    { t: 3, type: 'omitted', pod: 'loud-0', container: 'emqx', lines: 5, bytes: 50 },
    { t: 4, type: 'omitted', pod: 'loud-0', container: 'emqx', lines: 7, bytes: 70 },
    { t: 5, type: 'gap', pod: 'gone-0', container: 'emqx', why: 'the pod is gone' },
  ])
  const { code, stdout, stderr } = await weir(['ops', 'logs', run])
  assert.is(code, 0, stderr)
  assert.match(
    stdout,
    /^emqx-ee {2}EMQX {6}2026-01-01T00:00:01\.000Z {2}warning {2}msg: of a pod that is gone$/m,
  )
  assert.equal(stderr.trim().split('\n'), [
    'weir: 7 lines (70 bytes) of loud-0 were left out, since the record had reached its limit',
    'weir: lines of gone-0 may be missing: the pod is gone',
  ])
})

test('a record without logs, of another cluster, of another product', async () => {
  const without = await weir(['ops', 'logs', await recordWith(undefined)])
  assert.is(without.code, 2)
  oneLine(without.stderr, /has no logs\.ndjson: .*\[WEIR_USAGE\]/)
  const run = await recordWith([row('x')])
  const other = await weir(['ops', 'logs', run, '--cluster', 'other'])
  assert.is(other.code, 2)
  oneLine(other.stderr, /is a record of cluster emqx-ee, not of other/)
  const product = await weir(['ops', 'logs', run, '--product', 'reloader'])
  assert.is(product.code, 2)
  oneLine(product.stderr, /has the logs of product emqx alone, not of reloader/)
})

test('a record whose logs could not be read, or were not there, says so', async () => {
  const refused: RecordEvent = {
    t: 1,
    type: 'api-failure',
    api: 'pods/log',
    via: 'a',
    status: 403,
    error: 'pods "a" is forbidden',
  }
  const first = await weir(['ops', 'logs', await recordWith([], [refused])])
  assert.match(first.stderr, /^weir: weir was not allowed to follow the logs: pods "a" is forbidden$/m)
  const second = await weir(['ops', 'logs', await recordWith([], [], OFF_4)])
  assert.match(second.stderr, /^weir: the log service was not configured: with log\.to = file/m)
})

for (const args of [[], ['x', '--kubeconfig', 'y']])
  test(`either a record or a cluster: ${args.join(' ') || 'neither'}`, async () => {
    const { code, stderr } = await weir(['ops', 'logs', ...args])
    assert.is(code, 2)
    oneLine(stderr, /name either the folder of a record or the cluster, with --kubeconfig \[WEIR_USAGE\]/)
  })

for (const [args, words] of [
  [['--level', 'loud'], /--level loud is no level/],
  [['--from', '2026-01-02', '--to', '2026-01-01'], /--to 2026-01-01 is before --from 2026-01-02/],
] as const)
  test(`refused before anything is asked: ${args.join(' ')}`, async () => {
    const { code, stderr, requests } = await ask({}, ...args)
    assert.is(code, 2)
    oneLine(stderr, words)
    assert.equal(requests, [])
  })

test.run()
