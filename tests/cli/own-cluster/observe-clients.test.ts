/** weir observe with clients of its own, while somebody else changes the version. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { readRecord } from '#weir/record/index.ts'
import { once, weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

/** A drain of 33 s: of one that is shorter than 30 s nobody could tell the slope. One node, so that there is only one. */
const CLIENTS = 330
const RATE = 10
const PASSWORD = 'n0-b0dy-may-read-this'

const STRATEGY = 'cluster.manifest.spec.blueGreenUpdate.evacuationStrategy'
const own = await startOwnCluster(
  {
    scenario: 'blue-green-quick',
    set: [
      'cluster.manifest.spec.replicas=1',
      'cluster.manifest.spec.template.spec.emqxContainer.image.version=4.4.19',
      `${STRATEGY}.connEvictRate=${RATE}`,
      `${STRATEGY}.sessEvictRate=100`,
    ],
    resource: resources.emqxEnterprises,
  },
  // The line that evacuates before it scales down; what 2.2.29 does with EMQX 4.4 is a known deviation.
  { operator: '2.1.2' },
)
test.after(own.close)

const upgradeTo = (version: string) =>
  void own.change({ template: { spec: { emqxContainer: { image: { version } } } } })

async function observed() {
  await own.settled()
  const out = join(own.dir, 'observe')
  const version = '4.4.20'
  let commands = ''
  const { code, stdout, stderr } = await weirProcess(
    [
      ...['observe', '--kubeconfig', own.kubeconfig],
      ...['--clients', String(CLIENTS), '--hold', '3', '--out', out],
    ],
    once('  change-begun', ({ pid }) => {
      commands = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      upgradeTo(version)
    }),
    { WEIR_MQTT_USERNAME: 'bench', WEIR_MQTT_PASSWORD: PASSWORD },
  )
  assert.ok(existsSync(join(out, 'verdict.json')), stdout + stderr)
  const verdict = JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as Verdict
  const findings = new Map(verdict.findings.map((finding) => [finding.id, finding]))
  return { code, stdout, stderr, out, version, commands, findings }
}

function contents(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name))
      return entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes
    })
}

test('somebody else’s upgrade, judged by clients of its own: pass', async () => {
  const { code, stdout, stderr, out, version, findings, commands } = await observed()
  // A machine that others use too may be unfit; then the verdict withholds what the record shows, and says what that is.
  const isFit = findings.get('harness-healthy')?.outcome === 'pass'
  assert.is(code, isFit ? 0 : 3, stdout + stderr)
  const record = await readRecord(out)
  assert.is(record.fleet.ids.length, CLIENTS)
  assert.is(record.manifest.parameters?.targetVersion, version)
  for (const id of ['conservation', 'hops', 'landing', 'eviction-envelope', 'no-storm', 'session-kept']) {
    const { outcome, sentence } = findings.get(id)!
    const isHeld = outcome === 'pass' || (!isFit && sentence.includes('as recorded, the assertion held'))
    assert.ok(isHeld, `${id}: ${sentence}`)
  }

  // The password of the clients is nowhere that anybody may look.
  const files = contents(out)
  assert.ok(files.length > 5)
  assert.not.ok(files.some((bytes) => bytes.includes(PASSWORD)))
  assert.ok(commands.includes('observe'))
  assert.not.ok((stdout + stderr + commands).includes(PASSWORD))
})

test.run()
