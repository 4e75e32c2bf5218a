/** What a broker is given to keep, and what it gives back: an emulated EMQX, and brokers that refuse or do not answer. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LeftOnBroker, storeData } from '#weir/bench/index.ts'
import type { StoredDataSpec } from '#weir/bench/types.ts'
import { testbed } from '../../testbed/emqx/support/nodes.ts'
import { FakeBroker } from '../support/fake-broker.ts'

const AMOUNTS = { retained: 5, sessions: 2, queuedEach: 3 }

const specOf = (host: string, changes: Partial<StoredDataSpec> = {}): StoredDataSpec => ({
  ...{ target: { host, port: 1883 }, timeoutMs: 10_000, quietMs: 300, ...AMOUNTS },
  ...changes,
})

async function bed() {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  return { cluster, node, group: node.core.group, spec: specOf(node.ip) }
}

test('all of it is found, once the clients are away and nobody has subscribed', async () => {
  const { cluster, node, group, spec } = await bed()
  const data = await storeData(spec)
  assert.is(node.core.live.size, 0, 'nobody stays connected')
  const expiries = [...group.retained.values()].map(({ expiresAtMs }) => expiresAtMs - Date.now())
  const hours = (ms: number) => Math.round(ms / 3_600_000)
  assert.equal(expiries.map(hours), [24, 24, 24, 24, 24], 'what nobody removes goes by itself')
  assert.is(group.retained.size, 5)
  assert.equal(
    [...group.registry.values()].map(({ session }) => session.queueLength),
    [3, 3],
  )
  assert.equal(await data.find(), { retained: 5, sessions: 2, queued: 6, missing: [] })
  await data.clear()
  assert.is(group.retained.size, 0)
  assert.is(group.registry.size, 0)
  cluster.close()
})

test('what is lost or altered is missing, by its name', async () => {
  const { cluster, group, spec } = await bed()
  const data = await storeData(spec)
  const [first, second] = group.retained.keys()
  group.retained.delete(first!)
  group.retained.set(second!, { ...group.retained.get(second!)!, payload: Buffer.from('other') })
  const [channel] = group.registry.values()
  channel!.session.queue = channel!.session.queue!.slice(1)
  const { missing, ...counts } = await data.find()
  assert.equal(counts, { retained: 3, sessions: 2, queued: 5 })
  assert.equal([...missing].sort(), [`${first!.split('/retained')[0]}/queue/0`, first!, second!].sort())
  cluster.close()
})

test('a session that is gone is missing with all that waited in it', async () => {
  const { cluster, spec } = await bed()
  const data = await storeData(spec)
  await data.clear()
  const { missing, ...counts } = await data.find()
  assert.equal(counts, { retained: 0, sessions: 0, queued: 0 })
  assert.is(missing.length, 8, 'the first eight are named')
  cluster.close()
})

test('a broker that refuses or does not answer is no broker that lost something', async () => {
  const refusing = await FakeBroker.listen({ user: { username: 'known', password: 'known' } })
  const silent = await FakeBroker.listen({ onPacket() {} })
  for (const [broker, words] of [
    [refusing, /Not authorized|Bad username|Connection refused/i],
    [silent, /no answer of the broker within 300 ms|connack timeout/],
  ] as const) {
    const { host, port } = broker.target
    const attempt = storeData(specOf(host, { target: { host, port }, timeoutMs: 300 }))
    const error = await attempt.then(
      () => undefined,
      (reason: Error) => reason,
    )
    assert.match(error?.message ?? 'stored', words)
    await broker.close()
  }
})

/** A broker that takes `taken` messages and refuses the next one with `code`; unless it `staysOpen`, then all clients too. */
async function half(taken: number, { code, staysOpen }: { code: number; staysOpen: boolean }) {
  const retained: string[] = []
  let isOver = false
  const broker = await FakeBroker.listen({
    onConnect(visit) {
      if (isOver && !staysOpen) visit.refuse(code)
      else visit.accept()
    },
    onPacket(visit, packet) {
      if (packet.cmd === 'subscribe') visit.send({ cmd: 'suback', messageId: packet.messageId, granted: [1] })
      if (packet.cmd === 'disconnect') visit.socket.end()
      if (packet.cmd !== 'publish') return
      isOver ||= retained.length === taken
      if (!isOver) retained.push(packet.topic)
      const isRefused = isOver && packet.payload.length > 0
      if (!isRefused && packet.payload.length === 0) retained.splice(retained.indexOf(packet.topic), 1)
      visit.send({ cmd: 'puback', messageId: packet.messageId, reasonCode: isRefused ? code : 0 })
    },
  })
  const { host, port } = broker.target
  const attempt = storeData(specOf(host, { target: { host, port }, timeoutMs: 2000 }))
  const error = await attempt.then(
    () => undefined,
    (reason: Error) => reason,
  )
  await broker.close()
  return { error, retained, broker }
}

const QUOTA_EXCEEDED = 0x97

test('what was taken before a refusal is removed again, and no more than that', async () => {
  const { error, retained, broker } = await half(2, { code: QUOTA_EXCEEDED, staysOpen: true })
  assert.match(error?.message ?? 'stored', /Quota exceeded/)
  assert.not.instance(error, LeftOnBroker)
  assert.equal(retained, [])
  const emptied = broker.packets('publish').filter(({ payload }) => payload.length === 0)
  assert.is(emptied.length, 2)
  const clean = broker.visits.filter(({ connect }) => connect.clean)
  assert.is(new Set(clean.map(({ connect }) => connect.clientId)).size, 3, 'both sessions, and the publisher')
})

test('what was taken and cannot be removed is not kept quiet', async () => {
  const { error, retained } = await half(2, { code: QUOTA_EXCEEDED, staysOpen: false })
  assert.instance(error, LeftOnBroker)
  assert.match(error!.message, /Quota exceeded/)
  assert.match((error as LeftOnBroker).left, /Quota exceeded|Connection refused/)
  assert.is(retained.length, 2)
})

test('a broker that lets nobody in has nothing to give back', async () => {
  const broker = await FakeBroker.listen({ user: { username: 'known', password: 'known' } })
  const { host, port } = broker.target
  const error = await storeData(specOf(host, { target: { host, port }, timeoutMs: 300 })).catch(
    (reason: Error) => reason,
  )
  assert.not.instance(error, LeftOnBroker)
  assert.is(broker.visits.length, 1, 'nobody comes again to remove something')
  await broker.close()
})

test.run()
