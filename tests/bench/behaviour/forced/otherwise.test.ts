/** What MQTT.js does otherwise than the specification says, or weir: asserted, so that the day it changes is noticed. */
import type { IDisconnectPacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FakeBroker } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'
import { group } from '../behaviours/groups.ts'
import { acknowledging, both, publish } from './scene.ts'

both(
  'a server keep-alive of 0 ends pings in lean, and changes nothing in MQTT.js',
  () => ({ onConnect: (visit) => visit.accept(false, { serverKeepAlive: 0 }) }),
  async ({ engine, broker, start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    if (engine === 'mqttjs') {
      await until('it pings', () => broker.packets('pingreq').length >= 1)
      return
    }
    const other = await FakeBroker.listen()
    const pinging = startShard(other.port, { keepAliveSeconds: 1 })
    await until('another client has pinged twice', () => other.packets('pingreq').length >= 2)
    await pinging.stop()
    await other.close()
    assert.is(broker.packets('pingreq').length, 0)
    assert.is(shard.counters().online, 1)
  },
)

both(
  'after DISCONNECT from a server that does not close, lean closes, and MQTT.js stays until its keep-alive ends',
  () => ({ onPacket: () => undefined }),
  async ({ engine, broker, start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    await until('it is online', () => shard.counters().online === 1)
    const [visit] = broker.visits
    visit!.send({ cmd: 'disconnect', reasonCode: 0x8b })
    await until('it was told', () => shard.counters().disconnected === 1)
    await until('it is back', () => shard.counters().connected === 2)
    const history = await shard.stop()
    assert.is(history.story(0)[3], `disconnected disconnect-packet ${0x8b}`)
    const pinged = visit!.packets.some(({ cmd }) => cmd === 'pingreq')
    assert.is(pinged, engine === 'mqttjs')
  },
)

let answering = false

both(
  'what was in flight when the session was lost: lean lets it go, MQTT.js sends it on the new session',
  () => {
    answering = false
    return { onPacket: (visit, packet) => answering && acknowledging.onPacket(visit, packet) }
  },
  async ({ engine, broker, start }) => {
    const shard = start({ group: group('5', { publish: publish({ limit: 2, inFlight: 1 }) }) })
    await until('one came', () => broker.packets('publish').length === 1)
    answering = true
    broker.visits[0]!.socket.destroy()
    await until('the last one came', () => shard.counters().published === 2)
    await until('it is answered', () => shard.counters().acknowledged === (engine === 'lean' ? 1 : 2))
    const payloads = broker.packets('publish').map(({ payload }) => payload.toString('hex'))
    assert.is(payloads.length, engine === 'lean' ? 2 : 3)
    assert.is(new Set(payloads).size, 2)
  },
)

both(
  'who leaves says goodbye: DISCONNECT 0',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ clients: 20 })
    await until('all are online', () => shard.counters().online === 20)
    await shard.stop()
    await until('the broker read them all', () => broker.packets('disconnect').length === 20)
    for (const packet of broker.packets('disconnect') as IDisconnectPacket[])
      assert.is(packet.reasonCode ?? 0, 0)
  },
)

test.run()
