import { availableParallelism } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fleetTable } from '#weir/bench/fleet/fleet-table.ts'
import { shardSpecs, workerCount } from '#weir/bench/fleet/shards.ts'
import { fleetSpec } from '../support/fleet-spec.ts'

test('workers: as asked, within what there is to share out; one is enough for 10,000 clients', () => {
  const count = (clients: number, workers: number, connectsInFlight = 64) =>
    workerCount({ clients, workers, connectsInFlight })
  assert.is(count(10_000, 0), 1)
  assert.is(count(10_001, 0), Math.min(2, availableParallelism()))
  assert.is(count(10_000_000, 0), Math.min(64, availableParallelism()))
  assert.is(count(100, 7), 7)
  assert.is(count(3, 7), 3)
  assert.is(count(100, 7, 2), 2)
})

test('the shards together are the fleet: every client once, with its own id, group and instant', () => {
  const spec = fleetSpec({
    clients: 11,
    connectsInFlight: 8,
    groups: [
      { name: 'a', share: 1, protocol: '5', persistent: false },
      { name: 'b', share: 2, protocol: '3.1.1', persistent: true },
    ],
  })
  const table = fleetTable(spec)
  const arrivalMs = Float64Array.from({ length: 11 }, (_, k) => 10 * k)
  const shards = shardSpecs(spec, table, arrivalMs, [{ host: 'a', address: '127.0.0.1', port: 1883 }], 3)
  const seen: number[] = []
  for (const { clients } of shards)
    for (const [slot, k] of clients.index.entries()) {
      seen.push(k)
      assert.is(clients.ids[slot], table.ids[k])
      assert.is(clients.group[slot], table.group[k])
      assert.is(clients.arrivalMs[slot], 10 * k)
    }
  assert.equal(
    seen.sort((a, b) => a - b),
    Array.from({ length: 11 }, (_, k) => k),
  )
  assert.equal(
    shards.map(({ connectsInFlight }) => connectsInFlight),
    [3, 3, 2],
  )
})

test.run()
