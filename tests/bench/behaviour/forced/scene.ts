import type { Packet } from 'mqtt-packet'
import { test } from 'uvu'
import type { EngineName, PublishSpec } from '#weir/bench/types.ts'
import { FakeBroker, type Manners, type Visit } from '../../support/fake-broker.ts'
import { type OneShard, type ShardChanges, startShard } from '../../support/one-shard.ts'

const ENGINES: readonly EngineName[] = ['lean', 'mqttjs']

export interface Scene {
  engine: EngineName
  broker: FakeBroker
  start(changes?: ShardChanges): OneShard
}

/** Plays with both engines, each with a broker of its own. */
export function both(
  name: string,
  manners: () => Partial<Manners>,
  play: (scene: Scene) => Promise<void>,
): void {
  for (const engine of ENGINES)
    test(`${engine}: ${name}`, async () => {
      const broker = await FakeBroker.listen(manners())
      const shards: OneShard[] = []
      try {
        await play({
          engine,
          broker,
          start(changes = {}) {
            const shard = startShard(broker.port, { engine, ...changes })
            shards.push(shard)
            return shard
          },
        })
      } finally {
        await Promise.allSettled(shards.map((shard) => shard.stop()))
        await broker.close()
      }
    })
}

/** Misbehaves once, to the first visitor, and is good to the next. */
export const once = (bad: (visit: Visit) => void): Partial<Manners> => {
  let visits = 0
  return { onConnect: (visit) => (visits++ === 0 ? bad(visit) : visit.accept()) }
}

/**
 * How a connection ends on which the broker broke the protocol, `code` the reason code (MQTT 5 §4.13.1): the mqtt package finds one
 * for some breaches only, so its engine reports none.
 */
export const brokenProtocol = (engine: EngineName, code: number, kind = 'disconnected'): string =>
  `${kind} protocol-error${engine === 'lean' ? ` ${code}` : ''}`

const ledger = { kind: 'ledger', bytes: 40 } as const
/** Ten numbered messages of QoS 1, one a millisecond. */
export const publish = (more: Partial<PublishSpec> = {}): PublishSpec => ({
  topic: 'a/long/topic/for/%i',
  qos: 1,
  everyMs: 1,
  limit: 10,
  payload: ledger,
  ...more,
})

export type Publish = Packet & { cmd: 'publish' }

/** Answers messages of QoS 1, and hangs up on who says goodbye. */
export const acknowledging: Pick<Manners, 'onPacket'> = {
  onPacket: (visit, packet) => {
    if (packet.cmd === 'publish' && packet.qos === 1)
      visit.send({ cmd: 'puback', messageId: packet.messageId })
    if (packet.cmd === 'disconnect') visit.socket.end()
  },
}

/** What a server sends. */
export const message = (more: object) => ({
  cmd: 'publish',
  topic: 'x',
  payload: 'x',
  qos: 0,
  dup: false,
  retain: false,
  ...more,
})
