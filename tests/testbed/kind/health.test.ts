/** When a kind cluster counts as dead. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { watchNodes } from '#weir/testbed/kind/cluster/health.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-kind-health-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const env = { ...process.env, PATH: [dir, process.env.PATH].join(delimiter) }
const engine = { env, identity: { id: 'ID', host: 'unix:///run/docker.sock' }, async release() {} }
const nodes = [{ id: 'a'.repeat(64), name: 'weir-control-plane', isRunning: true }]

/** What docker answers to everything. */
function dockerSays(text: string, exitCode = 0): void {
  writeFileSync(join(dir, 'docker'), `#!/bin/sh\necho ${text}\nexit ${exitCode}\n`)
  chmodSync(join(dir, 'docker'), 0o755)
}

const answering = (status: number | undefined) => ({
  async raw() {
    if (status === undefined) throw new Error('connect ECONNREFUSED')
    return { status, body: '' }
  },
})

test('a node that has ended is named at once', async () => {
  dockerSays('another')
  const { died } = watchNodes({ engine, nodes, kube: answering(undefined), everyMs: 1 })
  assert.is((await died).message, 'the node weir-control-plane of the kind cluster ended')
})

test('an API server that stays away is dead when the kubelet would have started it again', async () => {
  dockerSays(nodes[0]!.id)
  const { died } = watchNodes({ engine, nodes, kube: answering(500), everyMs: 1, awayMs: 50 })
  assert.is((await died).message, 'the API server of the kind cluster has not answered for 0.05 s')
})

test('a docker that does not answer says nothing about the nodes', async () => {
  dockerSays('', 1)
  const { died } = watchNodes({ engine, nodes, kube: answering(undefined), everyMs: 1, awayMs: 50 })
  assert.match((await died).message, /^the API server .* has not answered/)
})

test('one that answers lives, whatever docker says, and nothing is looked at after stop()', async () => {
  dockerSays('another')
  let looks = 0
  const kube = {
    async raw() {
      looks += 1
      if (looks === 3) stop()
      return { status: 200, body: '' }
    },
  }
  const { died, stop } = watchNodes({ engine, nodes, kube, everyMs: 1 })
  let isDead = false
  void died.then(() => {
    isDead = true
  })
  while (looks < 3) await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.is(looks, 3)
  assert.is(isDead, false)
})

test.run()
