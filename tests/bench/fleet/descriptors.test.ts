import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { descriptorLimit, requireDescriptors } from '#weir/bench/fleet/descriptors.ts'
import { WeirError } from '#weir/errors/index.ts'

test('a fleet that fits passes; one beyond the limit is refused with what to do', () => {
  requireDescriptors(1)
  const limit = descriptorLimit()
  if (!Number.isFinite(limit)) return
  assert.throws(
    () => requireDescriptors(limit),
    (error: unknown) =>
      error instanceof WeirError && error.code === 'WEIR_DESCRIPTORS' && /ulimit -n \d+/.test(error.message),
  )
})

/** Runs a script under a limit of open files, hard as well as soft, since Node raises the soft one. */
function underLimit(limit: number, script: string): Promise<string> {
  const child = spawn(
    'sh',
    [
      '-c',
      `ulimit -n ${limit} && exec "$0" --input-type=module-typescript -e "$1"`,
      process.execPath,
      script,
    ],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return new Promise((resolve) => child.on('close', () => resolve(output)))
}

test('startFleet refuses before it connects anyone', async () => {
  const output = await underLimit(
    150,
    `import { startFleet } from '#weir/bench/index.ts'
     import { fleetSpec } from './tests/bench/support/fleet-spec.ts'
     try { await startFleet(fleetSpec({ clients: 500 }), () => undefined) } catch (error) { console.log(error.code, error.message) }`,
  )
  assert.match(output, /^WEIR_DESCRIPTORS 500 clients need \d+ open files .* may open 150/)
})

test('running out of descriptors in a run is told apart as ours, and ends no client', async () => {
  const output = await underLimit(
    150,
    `import { FakeBroker } from './tests/bench/support/fake-broker.ts'
     import { startShard } from './tests/bench/support/one-shard.ts'
     import { until } from './tests/bench/support/until.ts'
     const broker = await FakeBroker.listen({ onConnect() {} })
     const shard = startShard(broker.port, { clients: 200, connectsInFlight: 200 })
     await until('descriptors ran out', () => shard.counters().failed > 0)
     const history = await shard.stop()
     await broker.close()
     console.log(history.count('failed', 'too-many-files') > 0, history.count('gave-up'))`,
  )
  assert.match(output, /true 0/)
})

test.run()
