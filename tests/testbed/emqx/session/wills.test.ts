import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { kick } from '#weir/testbed/emqx/session/open.ts'
import { VirtualClock } from '../../runtime/virtual-clock.ts'
import { testbed } from '../support/nodes.ts'
import { join, type RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

/** One client of each kind on a node, and another node. */
interface Scene {
  node: EmqxNode
  other: EmqxNode
  clients: { kind: Kind; client: RawClient }[]
  clock: VirtualClock
}

/** How connections may end. */
const ENDS = {
  async 'the socket breaks'({ clients }: Scene) {
    for (const { client } of clients) client.close()
  },
  async 'DISCONNECT 0x00'({ clients }: Scene) {
    for (const { client } of clients) client.send({ cmd: 'disconnect', reasonCode: 0x00 })
  },
  async 'DISCONNECT 0x04'({ clients }: Scene) {
    for (const { client } of clients) client.send({ cmd: 'disconnect', reasonCode: 0x04 })
  },
  async 'DISCONNECT 0x81'({ clients }: Scene) {
    for (const { client } of clients) client.send({ cmd: 'disconnect', reasonCode: 0x81 })
  },
  async eviction({ node, clock }: Scene) {
    evacuate(node)
    await clock.advance(100)
  },
  async 'eviction, back after 3 s'(scene: Scene) {
    await ENDS.eviction(scene)
    await scene.clock.advance(3000)
    await comeBack(scene)
  },
  async 'eviction, back after 12 s'(scene: Scene) {
    await ENDS.eviction(scene)
    await scene.clock.advance(12_000)
    await comeBack(scene)
  },
  async 'session eviction after 1 s'({ node, clock }: Scene) {
    evacuate(node, 1)
    await clock.advance(5000)
    assert.is(node.core.evacuation.state, 'prohibiting')
  },
  async 'taken over while connected'(scene: Scene) {
    await comeBack(scene)
  },
  async 'discarded by a clean start'(scene: Scene) {
    await comeBack(scene, true)
  },
  async kicked({ node, clients }: Scene) {
    for (const { kind } of clients) kick(node.core.live.get(kind)!)
  },
  async 'silence for a keep-alive and a half'({ clock }: Scene) {
    await clock.advance(17_000)
  },
  async 'a malformed packet'({ clients }: Scene) {
    for (const { client } of clients) client.socket.write(Buffer.from([0x36, 0x07, 0, 1, 0x74, 0, 1, 0, 0]))
  },
  async SIGTERM({ node, clock }: Scene) {
    const ended = node.terminate()
    await clock.advance(2000)
    await ended
  },
  async SIGKILL({ node }: Scene) {
    node.kill()
  },
}

async function comeBack({ other, clients }: Scene, clean = false): Promise<void> {
  for (const { kind } of clients) await join(other.ip, { ...optionsOf(kind), clean })
}

function evacuate(node: EmqxNode, waitTakeoverSeconds = 60): void {
  node.core.evacuation.start(
    {
      connEvictRate: 100,
      sessEvictRate: 100,
      waitTakeoverSeconds,
      migrateTo: undefined,
      serverReference: undefined,
    },
    true,
  )
}

/** Will delay and session expiry in seconds. */
const KINDS = {
  'no delay': { delay: 0, expiry: 100 },
  'no delay, no session': { delay: 0, expiry: 0 },
  'delay 10': { delay: 10, expiry: 100 },
  'delay 10, no session': { delay: 10, expiry: 0 },
  'delay 10, expiry 5': { delay: 10, expiry: 5 },
} as const

type Kind = keyof typeof KINDS

const optionsOf = (kind: Kind) => ({
  clientId: kind,
  clean: false,
  properties: { sessionExpiryInterval: KINDS[kind].expiry },
})

/** When a will comes, in seconds after the end of its connection; or that it never does. */
type When = 0 | 5 | 10 | 'never'

const AFTER: Record<Kind, When> = {
  'no delay': 0,
  'no delay, no session': 0,
  'delay 10': 10,
  // The session ends first, and its will with it (MQTT 5 §3.1.3.2.2).
  'delay 10, no session': 0,
  'delay 10, expiry 5': 5,
}
const never = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 'never'])) as typeof AFTER

const EXPECTED: Record<keyof typeof ENDS, { '4.4.19': typeof AFTER; '5.8.9': typeof AFTER }> = {
  'the socket breaks': both(AFTER),
  'DISCONNECT 0x00': both(never),
  'DISCONNECT 0x04': both(AFTER),
  'DISCONNECT 0x81': both(AFTER),
  eviction: both(AFTER),
  'eviction, back after 3 s': both({ ...AFTER, 'delay 10': 'never', 'delay 10, expiry 5': 'never' }),
  'eviction, back after 12 s': both(AFTER),
  'session eviction after 1 s': both({ ...AFTER, 'delay 10': 'never', 'delay 10, expiry 5': 'never' }),
  'taken over while connected': {
    '4.4.19': never,
    '5.8.9': { ...never, 'no delay': 0, 'no delay, no session': 0 },
  },
  'discarded by a clean start': { '4.4.19': never, '5.8.9': atOnce() },
  kicked: { '4.4.19': never, '5.8.9': atOnce() },
  'silence for a keep-alive and a half': both(AFTER),
  'a malformed packet': both(AFTER),
  SIGTERM: both(never),
  SIGKILL: both(never),
}

function both(expected: typeof AFTER) {
  return { '4.4.19': expected, '5.8.9': expected }
}

function atOnce(): typeof AFTER {
  return Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0])) as typeof AFTER
}

for (const version of ['4.4.19', '5.8.9'] as const)
  for (const [end, make] of Object.entries(ENDS) as [keyof typeof ENDS, (scene: Scene) => Promise<void>][])
    test(`${version}: ${end}`, async () => {
      const clock = new VirtualClock()
      const { cluster, start } = testbed({ clock })
      const [node, other] = [
        await start('emqx-ee-blue-0', { version }),
        await start('emqx-ee-green-0', { version }),
      ]
      const watcher = await join(other.ip, { clientId: 'watcher' })
      await watcher.subscribe('wills')
      const clients: Scene['clients'] = []
      for (const kind of Object.keys(KINDS) as Kind[])
        clients.push({
          kind,
          client: await join(node.ip, { ...optionsOf(kind), keepalive: 10, will: willOf(kind) }),
        })
      const beganMs = clock.now()
      const arrivals: { kind: string; afterMs: number }[] = []
      watcher.socket.on('data', () => {
        for (const { payload } of watcher.of('publish').slice(arrivals.length))
          arrivals.push({ kind: `${payload}`, afterMs: clock.now() - beganMs })
      })
      await make({ node, other, clients, clock })
      await until(() => clients.every(({ kind }) => node.core.live.get(kind) === undefined))
      await clock.advance(40_000)
      const expected = EXPECTED[end][version]
      const due = clients.filter(({ kind }) => expected[kind] !== 'never').map(({ kind }) => kind)
      await watcher.wait('publish', due.length)
      assert.equal(arrivals.map(({ kind }) => kind).sort(), due.sort())
      for (const { kind, afterMs } of arrivals) {
        const when = 1000 * (expected[kind as Kind] as number)
        const endedMs = end === 'silence for a keep-alive and a half' ? 15_000 : 0
        // The sweep that sees an expired session or a silent client runs once a second.
        const lateMs = afterMs - endedMs - when
        assert.ok(lateMs >= 0 && lateMs <= 2000, `${kind} after ${afterMs} ms`)
      }
      for (const { properties } of watcher.of('publish'))
        assert.is(properties, undefined, 'the delay is no property of the message')
      cluster.close()
    })

function willOf(kind: Kind) {
  const { delay } = KINDS[kind]
  return {
    topic: 'wills',
    payload: Buffer.from(kind),
    qos: 0 as const,
    retain: false,
    ...(delay > 0 && { properties: { willDelayInterval: delay } }),
  }
}

test('what a will says goes along, and it may be retained', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const properties = { contentType: 'text/plain', userProperties: { why: 'gone' } }
  const client = await join(node.ip, {
    clientId: 'c',
    will: {
      topic: 'wills',
      payload: Buffer.from('gone'),
      qos: 1,
      retain: true,
      properties: { willDelayInterval: 0, messageExpiryInterval: 60, ...properties },
    },
  })
  client.close()
  await until(() => node.core.group.retained.size === 1)
  const late = await join(node.ip, { clientId: 'late' })
  await late.subscribe('wills', 1)
  const [will] = await late.wait('publish')
  assert.is(will!.retain, true)
  assert.equal(JSON.parse(JSON.stringify(will!.properties)), { ...properties, messageExpiryInterval: 60 })
  cluster.close()
})

test.run()
