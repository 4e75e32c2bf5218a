import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mqtt from 'mqtt'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { createKubeApi } from '../../../cluster/kubernetes/client.ts'
import { resources } from '../../../cluster/kubernetes/resources.ts'
import type { KubeObject } from '../../../cluster/kubernetes/types.ts'
import { WeirError } from '../../../errors/index.ts'
import { startEmbedded, testbedDown, testbedStatus, testbedUp } from '../../../testbed/index.ts'
import type { EmbeddedOptions } from '../../../testbed/types.ts'
import { fixture } from '../operator/recording.ts'

const LIMIT_MS = 120_000

async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (const endMs = Date.now() + LIMIT_MS; ; ) {
    const found = await look()
    if (found) return found
    if (Date.now() > endMs) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const test = suite<{ dir: string }>('embedded', { dir: '' })
test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'weir-embedded-'))
})
test.after.each(({ dir }) => rm(dir, { recursive: true, force: true }))

const options = (dir: string, more: Partial<EmbeddedOptions> = {}): EmbeddedOptions => ({
  operator: '2.1.2',
  pollIntervalSeconds: 1,
  faults: [],
  seed: 1,
  dir,
  ...more,
})

async function refusal(promise: Promise<unknown>): Promise<WeirError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof WeirError) return error
    throw error
  }
  throw new Error('was not refused')
}

interface Pod extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] }
}

test('two clusters side by side: same ports, own addresses; each runs a resource and takes MQTT clients', async ({
  dir,
}) => {
  const lines = ['2.1.2', '2.2.29'] as const
  const testbeds = await Promise.all(
    lines.map((operator) => startEmbedded(options(join(dir, operator), { operator }))),
  )
  try {
    assert.is(new Set(testbeds.map(({ pid }) => pid)).size, 2)
    assert.not(testbeds.some(({ pid }) => pid === process.pid))
    const hosts = await Promise.all(
      testbeds.map(async ({ kubeconfig }) => {
        assert.is((await stat(kubeconfig)).mode & 0o777, 0o600)
        const kube = createKubeApi({ kubeconfig })
        try {
          await kube.create(
            resources.emqxEnterprises,
            parse(fixture('samples/00-base-bluegreen-nodeport.yaml')) as KubeObject,
          )
          await until('three ready pods', async () => {
            const { items } = await kube.list<Pod>(resources.pods, { namespace: 'default' })
            const ready = items.filter(({ status }) =>
              status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
            )
            return ready.length === 3
          })
          const host = new URL(kube.server).hostname
          const client = mqtt.connect(`mqtt://${host}:32010`, { clientId: 'a', reconnectPeriod: 200 })
          await until('a connection through the node port', () => client.connected)
          await client.endAsync()
          return host
        } finally {
          kube.close()
        }
      }),
    )
    assert.is(new Set(hosts).size, 2)
  } finally {
    await Promise.all(testbeds.map((testbed) => testbed.close()))
  }
  assert.not(testbeds.some(({ pid }) => isAlive(pid)))
})

test('a cluster that dies says so in one line', async ({ dir }) => {
  const testbed = await startEmbedded(options(dir))
  process.kill(testbed.pid, 'SIGKILL')
  const error = await testbed.died
  assert.is(error.code, 'WEIR_TESTBED')
  assert.match(error.message, /died \(SIGKILL\)/)
  await testbed.close()
})

test('what keeps it from starting reaches the caller as it was', async ({ dir }) => {
  const error = await refusal(startEmbedded(options(dir, { faults: ['no-such-fault'] })))
  assert.is(error.code, 'WEIR_FAULT_UNKNOWN')
})

test('it ends with the process that started it, however that ends', async ({ dir }) => {
  const helper = fileURLToPath(import.meta.resolve('#weir/tests/testbed/embedded/helper.ts'))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', helper, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  assert.ok(isAlive(pid))
  child.kill('SIGKILL')
  await until('the end of the cluster', () => !isAlive(pid))
})

/** As a run leaves it that is killed. */
async function abandonedFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-testbed-'))
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: 2 ** 30, started: '1' }))
  return folder
}

test('detached: up once, seen, down once', async ({ dir }) => {
  const abandoned = await abandonedFolder()
  assert.is(await testbedStatus({ dir }), undefined)
  const up = await testbedUp({ operator: '2.2.29', pollIntervalSeconds: 20, dir })
  try {
    assert.not(existsSync(abandoned), 'what a run that was killed has left goes with the next start')
    const seen = await testbedStatus({ dir })
    assert.is(seen?.pid, up.pid)
    assert.is(seen?.operator, '2.2.29')
    const again = await refusal(testbedUp({ operator: '2.1.2', pollIntervalSeconds: 20, dir }))
    assert.is(again.code, 'WEIR_TESTBED')
    const kube = createKubeApi({ kubeconfig: up.kubeconfig })
    assert.is((await kube.list(resources.nodes)).items.length, 1)
    kube.close()
  } finally {
    assert.is(await testbedDown({ dir }), true)
  }
  assert.not(isAlive(up.pid))
  assert.is(await testbedDown({ dir }), false)
  assert.is(await testbedStatus({ dir }), undefined)
})

test.run()
