/** Where a client connects next, as names move to other addresses and targets do not answer. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FleetClient } from '#weir/bench/engine/lifecycle/fleet-client.ts'
import { HostName } from '#weir/bench/engine/lifecycle/host-name.ts'
import { Targets } from '#weir/bench/engine/lifecycle/targets.ts'
import type { ShardSpec } from '#weir/bench/engine/shard-spec.ts'
import type { EventLog } from '#weir/bench/events/event-log.ts'

const open: HostName[] = []
// The names' own timers do not keep a process alive.
const awake = setInterval(() => {}, 1000)
test.after(() => clearInterval(awake))
test.after.each(() => {
  for (const host of open.splice(0)) host.close()
})

/** A name that resolves so at first, and to what `answer` says from then on; `asked` resolves when that has been asked for twice more. */
function name(first: readonly string[], answer: () => Promise<readonly string[]>) {
  let left = 3
  const asked = Promise.withResolvers<void>()
  const find = () => {
    if (--left === 0) asked.resolve()
    return answer()
  }
  const host = new HostName('broker.test', first, { find, everyMs: 2 })
  open.push(host)
  return { host, asked: asked.promise }
}

test('clients spread over the addresses of a name', () => {
  const { host } = name(['192.0.2.1', '192.0.2.2'], async () => [])
  assert.equal(
    [0, 1, 2, 3].map((turn) => host.address(turn)),
    ['192.0.2.1', '192.0.2.2', '192.0.2.1', '192.0.2.2'],
  )
})

test('a name that moves takes with it whoever connects then', async () => {
  const { host, asked } = name(['192.0.2.1'], async () => ['2001:db8::1', '192.0.2.9'])
  assert.is(host.address(0), '192.0.2.1')
  await asked
  assert.is(host.address(0), '192.0.2.9')
})

test('a name that has addresses of the other family alone is followed there', async () => {
  const { host, asked } = name(['192.0.2.1'], async () => ['2001:db8::1'])
  await asked
  assert.is(host.address(0), '2001:db8::1')
})

test('the last answer stands while a name does not resolve', async () => {
  for (const answer of [() => Promise.reject(new Error('ENOTFOUND')), async () => []]) {
    const { host, asked } = name(['192.0.2.1'], answer)
    await asked
    assert.is(host.address(0), '192.0.2.1')
  }
})

const made: Targets[] = []
test.after(() => {
  for (const targets of made) targets.close()
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
  made.push(targets)
  const ones = Array.from({ length: clients }, (_, slot) => new FleetClient(spec, slot))
  const miss = (client: FleetClient) => {
    targets.missed(client)
    targets.turn(client, -1, '')
  }
  const where = () => ones.map((client) => targets.routeOf(client).address)
  return { ones, miss, where }
}

test('a client that got no answer goes on to another target where the fleet does so, and stays there', () => {
  const targets = [address('192.0.2.1'), address('192.0.2.2'), address('192.0.2.3')]
  for (const failOver of [true, false]) {
    const { ones, miss, where } = fleet({ targets, failOver }, 3)
    assert.equal(where(), ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
    miss(ones[2]!)
    assert.is(where()[2], failOver ? '192.0.2.1' : '192.0.2.3')
    assert.equal(where().slice(0, 2), ['192.0.2.1', '192.0.2.2'])
  }
})

test('the clients of a target that is gone are dealt out over all others', () => {
  const targets = [1, 2, 3, 4].map((k) => address(`192.0.2.${k}`))
  const { ones, miss, where } = fleet({ targets, failOver: true }, 12)
  for (const client of ones) if (client.index % 4 === 0) miss(client)
  assert.equal(
    [0, 4, 8].map((client) => where()[client]),
    ['192.0.2.2', '192.0.2.3', '192.0.2.4'],
  )
})

test('spares have no client until one gets no answer elsewhere', () => {
  const targets = [address('192.0.2.1'), address('192.0.2.2'), address('192.0.2.3')]
  const { ones, miss, where } = fleet({ targets, spares: 2, failOver: true }, 4)
  assert.equal(new Set(where()), new Set(['192.0.2.1']))
  for (const client of ones) miss(client)
  assert.equal(where(), ['192.0.2.2', '192.0.2.3', '192.0.2.2', '192.0.2.3'])
})

test('a client comes to every address of every target', () => {
  const named = (host: string, ...addresses: string[]) => ({ ...address(addresses[0]!), host, addresses })
  const targets = [named('a.test', '192.0.2.1', '192.0.2.2'), named('b.test', '192.0.2.3', '192.0.2.4')]
  const { ones, miss, where } = fleet({ targets, failOver: true }, 2)
  for (const client of ones) {
    const seen = new Set<string>()
    for (let k = 0; k < 4; k++) {
      seen.add(where()[client.index]!)
      miss(client)
    }
    assert.is(seen.size, 4)
  }
})

test('without that, clients go on to the next address of the name alone', () => {
  const named = { ...address('192.0.2.1'), host: 'a.test', addresses: ['192.0.2.1', '192.0.2.2'] }
  const { ones, miss, where } = fleet({ targets: [named, address('192.0.2.9')] }, 4)
  assert.equal(where(), ['192.0.2.1', '192.0.2.9', '192.0.2.2', '192.0.2.9'])
  miss(ones[0]!)
  assert.is(where()[0], '192.0.2.2')
})

test.run()
