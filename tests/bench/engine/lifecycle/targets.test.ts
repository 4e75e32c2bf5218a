/** Where a client connects next, as names move to other addresses and targets do not answer. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FleetClient } from '#weir/bench/engine/lifecycle/fleet-client.ts'
import { HostName } from '#weir/bench/engine/lifecycle/host-name.ts'
import { Targets } from '#weir/bench/engine/lifecycle/targets.ts'
import type { ShardSpec } from '#weir/bench/engine/shard-spec.ts'
import type { EventLog } from '#weir/bench/events/event-log.ts'

const tick = () => new Promise((resolve) => setImmediate(resolve))

/** A name whose answers the test gives, and a clock that it sets. */
function name(first: readonly string[]) {
  const stage = { nowMs: 0, asked: 0, answer: async (): Promise<readonly string[]> => first }
  const host = new HostName('broker.test', first, {
    find: () => {
      stage.asked++
      return stage.answer()
    },
    nowMs: () => stage.nowMs,
  })
  return { host, stage }
}

test('clients spread over the addresses of a name', () => {
  const { host } = name(['192.0.2.1', '192.0.2.2'])
  assert.equal(
    [0, 1, 2, 3].map((turn) => host.address(turn)),
    ['192.0.2.1', '192.0.2.2', '192.0.2.1', '192.0.2.2'],
  )
})

test('a name that moves takes clients with it, at the connect after the answer', async () => {
  const { host, stage } = name(['192.0.2.1'])
  stage.answer = async () => ['192.0.2.9']
  assert.is(host.address(0), '192.0.2.1')
  assert.is(stage.asked, 0)
  stage.nowMs = 1000
  host.address(0)
  host.address(0)
  await tick()
  assert.is(stage.asked, 1)
  assert.is(host.address(0), '192.0.2.9')
})

test('the last answer stands while a name does not resolve, and where it has no address of the family', async () => {
  const { host, stage } = name(['192.0.2.1'])
  for (const answer of [() => Promise.reject(new Error('ENOTFOUND')), async () => [], async () => ['::1']]) {
    stage.answer = answer
    stage.nowMs += 1000
    host.address(0)
    await tick()
    assert.is(host.address(0), '192.0.2.1')
  }
  assert.is(stage.asked, 3)
})

const address = (host: string) => ({ host, address: host, port: 1883 })

function fleet(more: Partial<ShardSpec>, clients: number) {
  const spec = {
    clients: {
      index: Uint32Array.from({ length: clients }, (_, k) => k),
      ids: Array.from({ length: clients }, (_, k) => `c${k}`),
      group: new Uint16Array(clients),
      arrivalMs: new Float64Array(clients),
    },
    groups: [{}],
    ...more,
  } as ShardSpec
  const targets = new Targets(spec, {} as EventLog)
  const ones = Array.from({ length: clients }, (_, slot) => new FleetClient(spec, slot))
  const miss = (client: FleetClient) => {
    targets.missed(client)
    targets.turn(client, -1, '')
  }
  const where = () => ones.map((client) => targets.routeOf(client).address)
  return { ones, miss, where }
}

test('a client that got no answer goes on to the next target where the fleet does so, and stays there', () => {
  const targets = [address('192.0.2.1'), address('192.0.2.2'), address('192.0.2.3')]
  for (const failOver of [true, false]) {
    const { ones, miss, where } = fleet({ targets, failOver }, 3)
    assert.equal(where(), ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
    miss(ones[2]!)
    assert.is(where()[2], failOver ? '192.0.2.1' : '192.0.2.3')
    assert.equal(where().slice(0, 2), ['192.0.2.1', '192.0.2.2'])
  }
})

test('with several targets the clients of each spread over the addresses of its name, and go on to the next', () => {
  const named = { ...address('192.0.2.1'), host: 'a.test', addresses: ['192.0.2.1', '192.0.2.2'] }
  const { ones, miss, where } = fleet({ targets: [named, address('192.0.2.9')] }, 4)
  assert.equal(where(), ['192.0.2.1', '192.0.2.9', '192.0.2.2', '192.0.2.9'])
  miss(ones[0]!)
  assert.is(where()[0], '192.0.2.2')
})

test.run()
