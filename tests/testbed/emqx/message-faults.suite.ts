import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import type { VirtualClock } from '../runtime/virtual-clock.ts'
import { type ConnectOptions, join, type RawClient } from './support/raw-client.ts'
import { until } from './support/until.ts'

/** An old node, a new one, and what differs between the majors. */
export interface Bed {
  old: EmqxNode
  fresh: EmqxNode
  clock: VirtualClock
  /** Ends when the node has evicted everybody. */
  evacuate(): Promise<void>
}

const persistent = (clientId: string, more: ConnectOptions = {}): ConnectOptions => ({
  clientId,
  clean: false,
  properties: { sessionExpiryInterval: 7200 },
  ...more,
})

const payloads = (client: RawClient) => client.of('publish').map(({ payload }) => `${payload}`)

/** Acknowledges what comes, so that more can come. */
function acknowledge(client: RawClient): void {
  let seen = 0
  client.socket.on('data', () => {
    const arrived = client.of('publish')
    for (; seen < arrived.length; seen++) {
      const { qos, messageId } = arrived[seen]!
      if (qos > 0) client.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: messageId! })
    }
  })
}

async function publish(client: RawClient, count: number, qos: 1 | 2): Promise<string[]> {
  const before = client.of(qos === 1 ? 'puback' : 'pubrec').length
  const sent = Array.from({ length: count }, (_, index) => `${index}`)
  for (const [index, payload] of sent.entries())
    client.send({
      cmd: 'publish',
      topic: 't',
      payload,
      qos,
      dup: false,
      retain: false,
      messageId: before + index + 1,
    })
  await client.wait(qos === 1 ? 'puback' : 'pubrec', before + count)
  return sent
}

export type Story = (bed: Bed, isOn: boolean) => Promise<void>

/** What each fault with messages does, and that without it nothing of the kind happens. */
export const MESSAGE_FAULTS: Record<string, Story> = {
  async 'queue-dropped'({ old, fresh }, isOn) {
    const before = await join(old.ip, persistent('p'))
    await before.subscribe('t', 1)
    before.close()
    await until(() => old.core.live.size === 0)
    const sender = await join(fresh.ip, { clientId: 'sender' })
    await publish(sender, 3, 1)
    const after = await join(fresh.ip, persistent('p'))
    assert.is(after.of('connack')[0]!.sessionPresent, true)
    await publish(sender, 1, 1)
    await after.wait('publish', isOn ? 1 : 4)
    assert.equal(payloads(after), isOn ? ['0'] : ['0', '1', '2', '0'])
  },

  async 'retained-dropped'({ old, fresh, evacuate }, isOn) {
    const sender = await join(fresh.ip, { clientId: 'sender' })
    sender.send({
      ...{ cmd: 'publish', topic: 'kept', payload: 'kept', qos: 1, dup: false, retain: true, messageId: 1 },
    })
    await sender.wait('puback', 1)
    await join(old.ip, { clientId: 'leaves' })
    await evacuate()
    const later = await join(fresh.ip, { clientId: 'later' })
    await later.subscribe('kept')
    sender.send({
      ...{ cmd: 'publish', topic: 'kept', payload: 'live', qos: 1, dup: false, retain: false, messageId: 2 },
    })
    await later.wait('publish', isOn ? 1 : 2)
    assert.equal(payloads(later), isOn ? ['live'] : ['kept', 'live'])
  },

  async 'duplicate-qos2'({ old, fresh }, isOn) {
    const subscriber = await join(old.ip, persistent('p'))
    await subscriber.subscribe('t', 2)
    const sender = await join(fresh.ip, { clientId: 'sender' })
    const sent = await publish(sender, 25, 2)
    await subscriber.wait('publish', isOn ? 27 : 25)
    const got = subscriber.of('publish')
    assert.equal([...new Set(payloads(subscriber))], sent)
    assert.is(new Set(got.map(({ messageId }) => messageId)).size, got.length, 'packet ids of their own')
    assert.is(got.length, isOn ? 27 : 25)
    assert.ok(got.every(({ dup }) => !dup))
  },

  async reorder({ old, fresh }, isOn) {
    const subscriber = await join(old.ip, persistent('p'))
    await subscriber.subscribe('t', 1)
    acknowledge(subscriber)
    const sender = await join(fresh.ip, { clientId: 'sender' })
    const sent = await publish(sender, 50, 1)
    await subscriber.wait('publish', 50)
    const numbers = payloads(subscriber).map(Number)
    assert.equal(
      [...numbers].sort((a, b) => a - b),
      sent.map(Number),
      'none is lost and none comes twice',
    )
    const overtaken = numbers.filter((number, index) => index > 0 && number < numbers[index - 1]!)
    assert.is(overtaken.length, isOn ? 2 : 0, `${numbers}`)
  },

  async 'will-wrong'({ old, fresh, clock, evacuate }, isOn) {
    const watcher = await join(fresh.ip, { clientId: 'watcher' })
    await watcher.subscribe('wills')
    const will = (payload: string, delay: number) => ({
      topic: 'wills',
      payload: Buffer.from(payload),
      qos: 0 as const,
      retain: false,
      ...(delay > 0 && { properties: { willDelayInterval: delay } }),
    })
    for (let index = 0; index < 4; index++) {
      await join(old.ip, { clientId: `now${index}`, version: index % 2 === 0 ? 4 : 5, will: will('now', 0) })
      await join(old.ip, persistent(`later${index}`, { will: will('later', 5) }))
    }
    await evacuate()
    for (let index = 0; index < 4; index++)
      await join(fresh.ip, persistent(`later${index}`, { will: will('later', 5) }))
    await clock.advance(20_000)
    await watcher.wait('publish', 4)
    const count = (payload: string) => payloads(watcher).filter((one) => one === payload).length
    assert.equal([count('now'), count('later')], isOn ? [2, 2] : [4, 0])
  },
}
