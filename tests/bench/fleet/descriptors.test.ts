import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { descriptorReadings } from '#weir/bench/fleet/descriptors.ts'
import { startScript } from '../support/script.ts'

test('the limit and what is open are read from the system', () => {
  const { limit, open } = descriptorReadings()
  assert.ok(limit > open, `${open} of ${limit} open`)
  assert.ok(open >= 3, 'standard input, output and error')
})

const underLimit = (limit: number, script: string): Promise<string> => startScript(script, { limit }).ended

test('startFleet refuses what not even child processes can hold, before it connects anyone', async () => {
  const output = await underLimit(
    70,
    `import { startFleet } from '#weir/bench/index.ts'
     import { fleetSpec } from './tests/bench/support/fleet-spec.ts'
     try { await startFleet(fleetSpec({ clients: 5000 }), () => undefined) } catch (error) { console.log(error.code, error.message) }`,
  )
  assert.match(
    output,
    /^WEIR_DESCRIPTORS 5000 clients need \d+ open files, but a process may open 70.*ulimit -n \d+/,
  )
})

test('a fleet beyond the limit spreads over child processes by itself', async () => {
  const output = await underLimit(
    150,
    `import { startFleet } from '#weir/bench/index.ts'
     import { fleetSpec } from './tests/bench/support/fleet-spec.ts'
     const fleet = await startFleet(fleetSpec({ clients: 200, reconnect: { kind: 'fixed', baseMs: 5000 } }), () => undefined)
     const deadline = performance.now() + 60_000
     while (fleet.counters().failed < 200 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
     console.log(fleet.counters().failed, 'failed')
     await fleet.stop()`,
  )
  assert.match(output, /^200 failed/)
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
