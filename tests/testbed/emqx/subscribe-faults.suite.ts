import type { ISubscribePacket } from 'mqtt-packet'
import * as assert from 'uvu/assert'
import type { Story } from './message-faults.suite.ts'
import { dial, join } from './support/raw-client.ts'
import { until } from './support/until.ts'

const SUBSCRIBE: ISubscribePacket = {
  cmd: 'subscribe',
  messageId: 1,
  subscriptions: [{ topic: 't', qos: 0 }],
}

/** What each fault with connecting and subscribing does, and that without it nothing of the kind happens. */
export const SUBSCRIBE_FAULTS: Record<string, Story> = {
  async 'slow-accept'({ old, fresh, clock }, isOn) {
    await join(old.ip, { clientId: 'old nodes are quick' })
    const client = dial(fresh.ip, { clientId: 'c' })
    client.send(SUBSCRIBE)
    await until(() => fresh.core.counters.connect === 1)
    if (isOn) {
      await clock.advance(7900)
      assert.is(client.packets.length, 0)
      assert.is(fresh.core.live.size, 0)
      await clock.advance(200)
    }
    await client.wait('connack')
    await client.wait('suback')
  },

  async 'slow-suback'({ old, fresh, clock }, isOn) {
    const early = await join(old.ip, { clientId: 'old nodes are quick' })
    await early.subscribe('t')
    const client = await join(fresh.ip, { clientId: 'c' })
    client.send(SUBSCRIBE)
    await until(() => fresh.core.counters.subscribeReceived === 1)
    if (isOn) {
      await clock.advance(4900)
      client.send({ cmd: 'pingreq' })
      await client.wait('pingresp')
      assert.is(client.of('suback').length, 0)
      await clock.advance(200)
    }
    await client.wait('suback')
    const gone = await join(fresh.ip, { clientId: 'gone' })
    gone.send(SUBSCRIBE)
    await until(() => fresh.core.counters.subscribeReceived === 2)
    gone.close()
    await until(() => fresh.core.live.size === 1)
    await clock.advance(5100)
    assert.is(fresh.core.counters.subackSent, isOn ? 1 : 2)
  },

  async 'refuse-subscribe'({ old, fresh }, isOn) {
    const early = await join(old.ip, { clientId: 'old nodes refuse nobody' })
    await early.subscribe('t')
    assert.equal(early.of('suback')[0]!.granted, [0])
    for (const version of [4, 5] as const) {
      const client = await join(fresh.ip, { clientId: `v${version}`, version })
      await client.subscribe('t', 1)
      assert.equal(client.of('suback')[0]!.granted, [isOn ? (version === 5 ? 0x87 : 0x80) : 1])
      assert.is(fresh.core.channels.get(`v${version}`)?.session.subscriptionCount, isOn ? 0 : 1)
    }
  },

  async 'ignore-subscribe'({ old, fresh, clock }, isOn) {
    const early = await join(old.ip, { clientId: 'old nodes answer' })
    await early.subscribe('t')
    const client = await join(fresh.ip, { clientId: 'c', keepalive: 0 })
    client.send(SUBSCRIBE)
    await until(() => fresh.core.counters.subscribeReceived === 1)
    await clock.advance(600_000)
    client.send({ cmd: 'pingreq' })
    await client.wait('pingresp')
    assert.is(client.of('suback').length, isOn ? 0 : 1)
  },
}
