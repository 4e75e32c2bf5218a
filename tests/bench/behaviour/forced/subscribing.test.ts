/** What becomes of a SUBSCRIBE that the broker refuses, or answers late. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Manners } from '../../support/fake-broker.ts'
import { until } from '../../support/until.ts'
import { group } from '../behaviours/groups.ts'
import { acknowledging, both } from './scene.ts'

const subscribe = ['one', 'two', 'three'].map((topic) => ({ topic, qos: 1 }) as const)

/** Answers a SUBSCRIBE with these codes, the filters not named with 1. */
const granting = (codes: Record<string, number>): Pick<Manners, 'onPacket'> => ({
  onPacket: (visit, packet) => {
    if (packet.cmd === 'subscribe') {
      const granted = packet.subscriptions.map(({ topic }) => codes[topic] ?? 1)
      visit.send({ cmd: 'suback', messageId: packet.messageId, granted })
    }
    if (packet.cmd === 'disconnect') visit.socket.end()
  },
})

for (const protocol of ['3.1.1', '5'] as const)
  both(
    `MQTT ${protocol}: the first refusal of a connection is recorded with its code, once`,
    () => granting(protocol === '5' ? { two: 0x87, three: 0x97 } : { two: 0x80 }),
    async ({ broker, start }) => {
      const shard = start({ group: group(protocol, { subscribe }) })
      await until('it was refused', () => shard.counters().subscribesRefused === 1)
      broker.visits[0]!.socket.destroy()
      await until('it was refused again', () => shard.counters().subscribesRefused === 2)
      const history = await shard.stop()
      assert.is(history.count('subscribed'), 0)
      assert.equal(
        history.rows.filter(({ kind }) => kind === 'subscribe-refused').map(({ code }) => code),
        protocol === '5' ? [0x87, 0x87] : [0x80, 0x80],
      )
    },
  )

both(
  'a SUBSCRIBE that was not answered before the connection ended is recorded as such',
  () => acknowledging,
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { subscribe }) })
    await until('it asked', () => broker.packets('subscribe').length > 0)
    broker.visits[0]!.socket.destroy()
    await until('it is back', () => shard.counters().connected === 2)
    const history = await shard.stop()
    assert.is(history.count('subscribed') + history.count('subscribe-refused'), 0)
    assert.is(history.count('subscribe-unanswered'), 2, 'once when it was cut off, once when it left')
  },
)

test.run()
