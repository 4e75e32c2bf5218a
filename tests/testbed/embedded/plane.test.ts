import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { chooseBlock } from '#weir/testbed/embedded/block.ts'
import { startEmulatedPlane } from '#weir/testbed/embedded/plane.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'

let dir: string
test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-plane-'))
})
test.after.each(() => rmSync(dir, { recursive: true, force: true }))

/** Why it does not start. */
async function refusal(home: string, client: () => KubeApi): Promise<string> {
  const options = { nodeName: 'node', dir: home, faults: makeFaults([]), log: () => {}, client }
  const failure = await startEmulatedPlane(options).then(() => undefined, messageOf)
  return failure ?? 'none: it starts'
}

const firstFree = async () => (await chooseBlock(process.pid, 6443)).nodeIp

test('an API server whose kubeconfig cannot be written is closed', async () => {
  const before = await firstFree()
  assert.match(
    await refusal(join(dir, 'none'), () => assert.unreachable('without a kubeconfig') as never),
    'ENOENT',
  )
  assert.is(await firstFree(), before)
})

test('API server and controllers are closed when the controllers do not become ready', async () => {
  const before = await firstFree()
  let watching = 0
  const broken = {
    watch() {
      watching += 1
      const ready = Promise.reject(new Error('no list'))
      ready.catch(() => {})
      return {
        ready,
        stop() {
          watching -= 1
        },
      }
    },
  } as unknown as KubeApi
  assert.is(await refusal(dir, () => broken), 'no list')
  assert.is(watching, 0, 'no watch is left')
  assert.is(await firstFree(), before)
})

test.run()
