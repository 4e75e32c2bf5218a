/** weir observe with clients of its own, while somebody else changes the version. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { openCluster } from '#weir/cluster/index.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { startEmbedded } from '#weir/testbed/index.ts'
import { killLeft, once, weirProcess } from '../weir-process.ts'

/** A drain of 33 s: of one that is shorter than 30 s nobody could tell the slope. One node, so that there is only one. */
const CLIENTS = 330
const RATE = 10
const AGAIN = 2
const PASSWORD = 'n0-b0dy-may-read-this'

const dir = mkdtempSync(join(tmpdir(), 'weir-observe-'))
const testbed = await startEmbedded({
  // The line that evacuates before it scales down; what 2.2.29 does with EMQX 4.4 is a known deviation.
  operator: '2.1.2',
  pollIntervalSeconds: 1,
  faults: [],
  seed: 1,
  dir: join(dir, 'testbed'),
})
const admin = createKubeApi({ kubeconfig: testbed.kubeconfig })
test.after(async () => {
  killLeft()
  admin.close()
  await testbed.close()
  rmSync(dir, { recursive: true, force: true })
})

const STRATEGY = 'cluster.manifest.spec.blueGreenUpdate'
const manifest = loadScenario('blue-green-quick', {
  set: [
    'cluster.manifest.spec.replicas=1',
    'cluster.manifest.spec.template.spec.emqxContainer.image.version=4.4.19',
    `${STRATEGY}.evacuationStrategy.connEvictRate=${RATE}`,
    `${STRATEGY}.evacuationStrategy.sessEvictRate=100`,
  ],
}).cluster.manifest as unknown as KubeObject
const { name } = manifest.metadata
await admin.create(resources.emqxEnterprises, {
  ...manifest,
  metadata: { ...manifest.metadata, namespace: 'default' },
})

async function settled(): Promise<void> {
  const cluster = await openCluster({ kubeconfig: testbed.kubeconfig, name })
  const { readStatus } = cluster.dialect
  const isThere = () => admin.get(resources.services, 'default', name).catch(() => undefined)
  while (!readStatus(await cluster.resource()).settled || !(await isThere()))
    await new Promise((resolve) => setTimeout(resolve, 200))
  await cluster.close()
}

const upgradeTo = (version: string) =>
  void admin.patch(resources.emqxEnterprises, 'default', name, 'merge', {
    spec: { template: { spec: { emqxContainer: { image: { version } } } } },
  })

async function observed(attempt: number) {
  await settled()
  const out = join(dir, `observe-${attempt}`)
  const version = `4.4.${20 + attempt}`
  let commands = ''
  const { code, stdout, stderr } = await weirProcess(
    [
      ...['observe', '--kubeconfig', testbed.kubeconfig],
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
  const outcomes = new Map(verdict.findings.map(({ id, outcome }) => [id, outcome]))
  return { code, stdout, stderr, out, version, commands, outcomes }
}

/** Observed again, twice at most, where the harness was unfit: that is what such a verdict asks for. */
async function fit(attempt = 0): ReturnType<typeof observed> {
  const run = await observed(attempt)
  if (run.outcomes.get('harness-healthy') === 'pass' || attempt === AGAIN) return run
  console.log('observed again, for the harness was unfit')
  return fit(attempt + 1)
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
  const { code, stdout, stderr, out, version, outcomes, commands } = await fit()
  assert.is(code, 0, stdout + stderr)
  const record = await readRecord(out)
  assert.is(record.fleet.ids.length, CLIENTS)
  assert.is(record.manifest.parameters?.targetVersion, version)
  for (const id of ['conservation', 'hops', 'landing', 'eviction-envelope', 'no-storm', 'session-kept'])
    assert.is(outcomes.get(id), 'pass', id)

  // The password of the clients is nowhere that anybody may look.
  const files = contents(out)
  assert.ok(files.length > 5)
  assert.not.ok(files.some((bytes) => bytes.includes(PASSWORD)))
  assert.ok(commands.includes('observe'))
  assert.not.ok((stdout + stderr + commands).includes(PASSWORD))
})

test.run()
