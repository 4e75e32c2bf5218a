import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { VirtualClock } from '../../runtime/virtual-clock.ts'
import { evacuate, testbed } from '../support/nodes.ts'
import { join, type RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

/** One gauge as a scrape would see it: [count, max]. */
function gauge(node: EmqxNode, name: string): [number, number] | undefined {
  for (const [each, count, max] of node.core.gauges.rows()) if (each === name) return [count, max]
  return undefined
}

async function fill(
  node: EmqxNode,
  count: number,
  prefix: string,
  isPersistent = false,
): Promise<RawClient[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      join(node.ip, {
        clientId: `${prefix}${index}`,
        clean: !isPersistent,
        ...(isPersistent && { properties: { sessionExpiryInterval: 7200 } }),
      }),
    ),
  )
}

test('gauges change every two seconds and not in between; counters and tables at once', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const node = await start('emqx-ee-blue-0')
  await clock.advance(2000)
  const seen: number[] = []
  for (let second = 0; second < 8; second++) {
    await fill(node, 1, `second${second}-`)
    await clock.advance(1000)
    seen.push(gauge(node, 'connections')![0])
    assert.is(node.core.counters.clientConnected, second + 1)
    assert.is(node.core.channels.size, second + 1)
  }
  const steps = seen.slice(1).map((value, index) => value - seen[index]!)
  assert.equal([...new Set(steps)].sort(), [0, 2], `${seen}`)
  assert.ok(steps.every((step, index) => index === 0 || step !== steps[index - 1]))
  cluster.close()
})

test('each node counts at a phase of its own', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const nodes = await Promise.all(['0', '1', '2', '3'].map((ordinal) => start(`emqx-ee-blue-${ordinal}`)))
  for (const [index, node] of nodes.entries()) await fill(node, 1, `n${index}-`)
  const phases = new Map<EmqxNode, number>()
  for (let ms = 0; ms < 2000; ms += 50) {
    await clock.advance(50)
    for (const node of nodes)
      if (!phases.has(node) && gauge(node, 'connections')![0] === 1) phases.set(node, ms)
  }
  assert.is(phases.size, 4)
  assert.ok(new Set(phases.values()).size >= 3, `${[...phases.values()]}`)
  cluster.close()
})

test('the maximum is the highest count ever taken', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const node = await start('emqx-ee-blue-0')
  const clients = await fill(node, 5, 'c')
  await clock.advance(4000)
  for (const client of clients.slice(0, 4)) client.close()
  await until(() => node.core.live.size === 1)
  await clock.advance(4000)
  assert.equal(gauge(node, 'live_connections'), [1, 5])
  assert.equal(gauge(node, 'connections'), [1, 5])
  cluster.close()
})

test('connections count channels: evacuated persistent sessions stay until they are taken over or moved', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const blue = await start('emqx-ee-blue-0')
  const green = await start('emqx-ee-green-0')
  const persistent = await fill(blue, 20, 'p', true)
  await fill(blue, 20, 'c')
  await evacuate(blue, {
    conn_evict_rate: 20,
    sess_evict_rate: 5,
    wait_takeover: 5,
    migrate_to: [green.name],
  })
  await clock.advance(2500)
  assert.is(blue.core.live.size, 0)
  assert.is(blue.core.channels.size, 20, 'clean sessions are gone, persistent ones stay')
  await until(() => persistent.every((client) => client.ended))
  for (let index = 0; index < 8; index++)
    await join(green.ip, { clientId: `p${index}`, clean: false, properties: { sessionExpiryInterval: 7200 } })
  await clock.advance(2100)
  assert.equal(gauge(blue, 'connections')?.[0], 12, 'eight have been taken over')
  assert.equal(gauge(blue, 'live_connections')?.[0], 0)
  assert.is(blue.core.evacuation.state, 'waiting_takeover')
  await clock.advance(10_000)
  assert.is(blue.core.evacuation.state, 'prohibiting')
  assert.equal(gauge(blue, 'connections')?.[0], 0)
  assert.equal(gauge(green, 'connections')?.[0], 20, 'session eviction raises the count of its target')
  assert.equal(gauge(green, 'live_connections')?.[0], 8)
  assert.equal(gauge(green, 'sessions')?.[0], 20)
  cluster.close()
})

test('subscriptions, subscribers, topics and retained are counted', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const node = await start('emqx-ee-blue-0')
  const [one, two] = await fill(node, 2, 'c')
  await one!.subscribe('a')
  await one!.subscribe('b')
  await two!.subscribe('a')
  await two!.subscribe('$share/g/c')
  one!.send({ cmd: 'publish', topic: 'r', payload: 'x', qos: 1, dup: false, retain: true, messageId: 9 })
  await one!.wait('puback')
  await clock.advance(2000)
  const values = [
    'topics',
    'suboptions',
    'subscribers',
    'subscriptions',
    'subscriptions_shared',
    'retained',
  ].map((name) => gauge(node, name)?.[0])
  assert.equal(values, [3, 4, 2, 4, 1, 1])
  cluster.close()
})

test('fault gauge-frozen: the gauges of an evacuating node stand still, those of others do not', async () => {
  for (const faults of [[], ['gauge-frozen']]) {
    const clock = new VirtualClock()
    const { cluster, start } = testbed({ clock, faults })
    const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
    await fill(blue, 10, 'c')
    await clock.advance(2000)
    await evacuate(blue, { conn_evict_rate: 5 })
    await clock.advance(5000)
    await fill(green, 3, 'g')
    await clock.advance(2000)
    assert.is(gauge(blue, 'live_connections')![0], faults.length === 0 ? 0 : 10)
    assert.is(gauge(green, 'live_connections')![0], 3)
    cluster.close()
  }
})

test('fault gauge-lies: new nodes report a tenth more, old ones the truth', async () => {
  for (const faults of [[], ['gauge-lies']]) {
    const clock = new VirtualClock()
    const { cluster, start } = testbed({ clock, faults })
    const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
    await fill(blue, 10, 'b')
    await fill(green, 10, 'g')
    await clock.advance(2000)
    assert.is(gauge(blue, 'connections')![0], 10)
    assert.is(gauge(green, 'connections')![0], faults.length === 0 ? 10 : 11)
    assert.is(gauge(green, 'live_connections')![0], faults.length === 0 ? 10 : 11)
    assert.is(green.core.channels.size, 10)
    cluster.close()
  }
})

test.run()
