import * as assert from 'uvu/assert'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import { until } from '../../support/until.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Cell } from '../stage.ts'
import { group, STAYS_AWAY } from './groups.ts'

interface Heard {
  topic: string
  text: string
}

/** A witness of everything that is said under the cell's tag. */
async function audience(cell: Cell, protocol: ProtocolVersion): Promise<Heard[]> {
  const witness = await cell.witness(protocol)
  const heard: Heard[] = []
  witness.on('message', (topic, payload) => heard.push({ topic, text: payload.toString() }))
  await witness.subscribeAsync(`${cell.tag}/#`, { qos: 1 })
  return heard
}

export const WILLS: readonly Behaviour[] = [
  {
    name: 'a client that is thrown out has its will published, by its own index',
    run: async (cell, protocol) => {
      const heard = await audience(cell, protocol)
      const will = { topic: `${cell.tag}/will/%i`, message: 'gone', qos: 1 } as const
      const shard = cell.start({ clients: 2, group: group(protocol, { will }), reconnect: STAYS_AWAY })
      await until('both are online', () => shard.counters().online === 2)
      await cell.witness(protocol, { clientId: cell.clientId(1) })
      await until('the will came', () => heard.length >= 1)
      assert.equal(heard, [{ topic: `${cell.tag}/will/1`, text: 'gone' }])
      await shard.stop()
    },
    except: [
      {
        broker: 'rabbitmq',
        because: 'RabbitMQ 3.10 publishes no will at a takeover',
        instead: async (cell, protocol) => {
          const heard = await audience(cell, protocol)
          const will = { topic: cell.topic('will'), message: 'gone', qos: 1 } as const
          const shard = cell.start({ group: group(protocol, { will }), reconnect: STAYS_AWAY })
          await until('it is online', () => shard.counters().online === 1)
          const thief = await cell.witness(protocol, { clientId: cell.clientId() })
          await until('it was thrown out', () => shard.counters().disconnected === 1)
          await thief.publishAsync(cell.topic('after'), 'later', { qos: 1 })
          await until('the later message came', () => heard.length >= 1)
          assert.equal(heard, [{ topic: cell.topic('after'), text: 'later' }])
        },
      },
    ],
  },
  {
    name: 'a client that leaves in good order has none',
    run: async (cell, protocol) => {
      const heard = await audience(cell, protocol)
      const will = { topic: cell.topic('will'), message: 'gone', qos: 1 } as const
      const shard = cell.start({ group: group(protocol, { will }) })
      await until('it is online', () => shard.counters().online === 1)
      await shard.stop()
      // The broker has read the goodbye when the same id comes again; what is said then comes after any will.
      const again = await cell.witness(protocol, { clientId: cell.clientId() })
      await again.publishAsync(cell.topic('after'), 'later', { qos: 1 })
      await until('the later message came', () => heard.length >= 1)
      assert.equal(heard, [{ topic: cell.topic('after'), text: 'later' }])
    },
  },
]
