import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'
import { MESSAGE_FAULTS } from './message-faults.suite.ts'
import { SUBSCRIBE_FAULTS } from './subscribe-faults.suite.ts'
import { api, evacuate, testbed } from './support/nodes.ts'
import { type ConnectOptions, join, type RawClient } from './support/raw-client.ts'
import { until } from './support/until.ts'

const persistent = (clientId: string): ConnectOptions => ({
  clientId,
  clean: false,
  properties: { sessionExpiryInterval: 7200 },
})

async function bed(faults: string[]) {
  const clock = new VirtualClock()
  const made = testbed({ clock, faults })
  const blue = await made.start('emqx-ee-blue-0', { terminateMs: 1 })
  return { ...made, clock, blue, green: () => made.start('emqx-ee-green-0') }
}

function many(node: EmqxNode, count: number, prefix = 'c'): Promise<RawClient[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => join(node.ip, { clientId: `${prefix}${index}` })),
  )
}

/** Runs the same story honestly and with the fault. */
function both(fault: string, story: (faults: string[], isOn: boolean) => Promise<void>): void {
  test(`without ${fault}`, () => story([], false))
  test(`with ${fault}`, () => story([fault], true))
}

both('lost-client', async (faults, isOn) => {
  const { cluster, blue, green, clock } = await bed(faults)
  const clients = await many(blue, 8)
  const other = await green()
  const early = await join(other.ip, { clientId: 'c0' })
  assert.is(early.of('connack')[0]!.reasonCode, 0, 'before its eviction everybody is admitted')
  await evacuate(blue, {})
  await clock.advance(100)
  await until(() => clients.every((client) => client.ended))
  const again = await Promise.all(
    Array.from({ length: 8 }, (_, index) => join(other.ip, { clientId: `c${index}` })),
  )
  const refused = again.filter((client) => client.of('connack')[0]!.reasonCode !== 0)
  assert.is(refused.length, isOn ? 3 : 0)
  for (const client of refused) assert.is(client.of('connack')[0]!.reasonCode, 0x87)
  if (isOn) {
    const index = again.indexOf(refused[0]!)
    const old = await join(other.ip, { clientId: `c${index}`, version: 4 })
    assert.is(old.of('connack')[0]!.returnCode, 5)
    assert.is(other.core.counters.connackAuthError, 4)
  }
  cluster.close()
})

both('bounce', async (faults, isOn) => {
  const { cluster, green, clock } = await bed(faults)
  const other = await green()
  const clients = await many(other, 20)
  await clock.advance(3100)
  const bounced = isOn ? 2 : 0
  await until(() => clients.filter((client) => client.ended).length === bounced)
  const returning = clients.flatMap((client, index) => (client.ended ? [`c${index}`] : []))
  for (const clientId of returning) for (let time = 0; time < 10; time++) await join(other.ip, { clientId })
  await clock.advance(4000)
  assert.is(other.core.live.size, 20, 'nobody is bounced twice')
  cluster.close()
})

both('refuse-some', async (faults, isOn) => {
  const { cluster, blue, green } = await bed(faults)
  await many(blue, 10, 'b')
  const other = await green()
  const results: string[] = []
  for (let index = 0; index < 20; index++) {
    const client = await join(other.ip, { clientId: `c${index}`, version: index < 10 ? 5 : 4 })
    const { reasonCode, returnCode } = client.of('connack')[0]!
    results.push(index < 10 ? `v5 ${reasonCode}` : `v3 ${returnCode}`)
  }
  const refused = results.filter((result) => !result.endsWith(' 0'))
  assert.equal(refused, isOn ? ['v5 151', 'v5 151', 'v3 3', 'v3 3'] : [])
  assert.is(blue.core.counters.connackError, 0)
  cluster.close()
})

both('early-drop', async (faults, isOn) => {
  const { cluster, blue, start } = await bed(faults)
  const clients = await many(blue, 12)
  await start('emqx-ee-blue-1')
  assert.is(blue.core.live.size, 12, 'a node of the same set disturbs nobody')
  await start('emqx-ee-green-0')
  await until(() => clients.filter((client) => client.ended).length === (isOn ? 5 : 0))
  await start('emqx-ee-green-1')
  assert.is(blue.core.live.size, isOn ? 7 : 12, 'once for each generation')
  cluster.close()
})

both('ghost-client', async (faults, isOn) => {
  const { cluster, blue, green, start, clock } = await bed(faults)
  const clients = await many(blue, 6)
  const greens = [await green(), await start('emqx-ee-green-1')]
  await evacuate(blue, { wait_takeover: 1 })
  await clock.advance(100)
  await until(() => clients.every((client) => client.ended))
  for (let index = 0; index < 6; index++) await join(greens[index % 2]!.ip, { clientId: `c${index}` })
  const listed = async (node: EmqxNode) =>
    (await api(greens[0]!, 'GET', `/api/v4/nodes/${node.name}/clients`)).json.data.filter(
      ({ connected }: { connected: boolean }) => connected,
    ).length
  assert.is(await listed(blue), isOn ? 3 : 0)
  assert.is((await listed(greens[0]!)) + (await listed(greens[1]!)), 6)
  assert.is(blue.core.live.size, 0, 'only the listing lies')
  cluster.close()
})

both('session-lost', async (faults, isOn) => {
  const { cluster, blue, green } = await bed(faults)
  const other = await green()
  await Promise.all(Array.from({ length: 60 }, (_, index) => join(blue.ip, persistent(`p${index}`))))
  let lost = 0
  for (let index = 0; index < 60; index++) {
    const client = await join(other.ip, persistent(`p${index}`))
    if (!client.of('connack')[0]!.sessionPresent) lost++
  }
  assert.is(lost, isOn ? 2 : 0)
  for (let index = 0; index < 60; index++) {
    const client = await join(other.ip, persistent(`p${index}`))
    assert.is(client.of('connack')[0]!.sessionPresent, true, 'nothing is lost without a move')
  }
  cluster.close()
})

for (const [fault, story] of Object.entries({ ...MESSAGE_FAULTS, ...SUBSCRIBE_FAULTS }))
  both(fault, async (faults, isOn) => {
    const { cluster, blue, green, clock } = await bed(faults)
    const gone = async () => {
      await evacuate(blue, {})
      await clock.advance(500)
      await until(() => blue.core.live.size === 0)
    }
    await story({ old: blue, fresh: await green(), clock, evacuate: gone }, isOn)
    cluster.close()
  })

test('faults of other parts change nothing here', async () => {
  const others = FAULTS.filter(({ part }) => part !== 'emqx').map(({ name }) => name)
  const { cluster, blue, green, clock } = await bed(others)
  await many(blue, 10)
  const other = await green()
  assert.is(blue.core.live.size, 10)
  await evacuate(blue, { conn_evict_rate: 4 })
  await clock.advance(500)
  assert.is(blue.core.live.size, 6)
  assert.is((await join(other.ip, { clientId: 'c0' })).of('connack')[0]!.reasonCode, 0)
  cluster.close()
})

test.run()
