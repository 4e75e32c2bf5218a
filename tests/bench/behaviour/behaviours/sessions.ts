import * as assert from 'uvu/assert'
import type { GroupSpec } from '#weir/bench/types.ts'
import { until } from '../../support/until.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Cell } from '../stage.ts'
import { group } from './groups.ts'

/** Connects, subscribes where the group does, and leaves; returns whether the broker had a session. */
async function visit(cell: Cell, of: GroupSpec): Promise<number> {
  const shard = cell.start({ group: of })
  await until('it is online', () => shard.counters().online === 1)
  if (of.subscribe) await until('it is subscribed', () => shard.counters().subscribed === 1)
  const history = await shard.stop()
  return history.rows.find(({ kind }) => kind === 'connected')!.sessionPresent
}

export const SESSIONS: readonly Behaviour[] = [
  {
    name: 'a SUBACK is recorded on every connection that subscribes, and not where the session still holds the subscription',
    run: async (cell, protocol) => {
      const subscribe = [
        { topic: cell.topic('a'), qos: 1 },
        { topic: cell.topic('b'), qos: 0 },
      ] as const
      for (const persistent of [false, true]) {
        const shard = cell.start({ group: group(protocol, { persistent, subscribe }) })
        await until('it is subscribed', () => shard.counters().subscribed === 1)
        // A visitor of the same id takes the session over, and the client takes it back. RabbitMQ may hear of the visitor after the
        // client is back, and turn it out once more: they have settled when the visitor is out.
        const properties = { sessionExpiryInterval: persistent ? 300 : 0 }
        const visitor = await cell.witness(protocol, {
          clientId: cell.clientId(),
          clean: !persistent,
          properties,
        })
        await until(
          'it is back',
          () => !visitor.connected && shard.counters().connected >= 2 && shard.counters().subscribed === 1,
        )
        const history = await shard.stop()
        const { rows } = history
        const connected = rows.flatMap(({ kind }, row) => (kind === 'connected' ? row : []))
        const kept = connected.filter((row) => rows[row]!.sessionPresent === 1)
        assert.equal(kept, persistent ? connected.slice(1) : [])
        const last = rows.slice(connected.at(-1)).map(({ kind }) => kind)
        assert.equal(last, persistent ? ['connected', 'left'] : ['connected', 'subscribed', 'left'])
        assert.is(
          history.count('subscribed') + history.count('subscribe-unanswered'),
          connected.length - kept.length,
        )
        await visit(cell, group(protocol))
      }
    },
  },
  {
    name: 'a persistent session is there again, a clean one ends it',
    run: async (cell, protocol) => {
      const subscribe = [{ topic: cell.topic('kept'), qos: 1 }] as const
      const persistent = group(protocol, { persistent: true, subscribe })
      assert.is(await visit(cell, persistent), 0)
      assert.is(await visit(cell, persistent), 1)
      assert.is(await visit(cell, group(protocol)), 0)
      assert.is(await visit(cell, persistent), 0)
      assert.is(await visit(cell, group(protocol)), 0)
    },
  },
  {
    name: 'what is published to a kept session comes when its client is back',
    run: async (cell, protocol) => {
      const topic = cell.topic('queued')
      const persistent = group(protocol, { persistent: true, subscribe: [{ topic, qos: 1 }] })
      await visit(cell, persistent)
      const witness = await cell.witness(protocol)
      for (const text of ['one', 'two', 'three']) await witness.publishAsync(topic, text, { qos: 1 })
      const shard = cell.start({ group: persistent })
      await until('all three came', () => shard.counters().received === 3)
      await shard.stop()
      await visit(cell, group(protocol))
    },
  },
  {
    name: 'a session expires when its interval says so: 0 with the connection, more later',
    protocols: ['5'],
    run: async (cell, protocol) => {
      const expiring = (sessionExpirySeconds: number) =>
        group(protocol, { persistent: true, sessionExpirySeconds })
      await visit(cell, expiring(0))
      assert.is(await visit(cell, expiring(300)), 0)
      assert.is(await visit(cell, expiring(0)), 1)
      assert.is(await visit(cell, expiring(0)), 0)
    },
  },
  {
    name: 'who is told to end its session when it leaves leaves none',
    run: async (cell, protocol) => {
      const persistent = group(protocol, { persistent: true, sessionExpirySeconds: 300 })
      const shard = cell.start({ group: persistent, endSessions: true })
      await until('it is online', () => shard.counters().online === 1)
      await shard.stop()
      assert.is(await visit(cell, persistent), 0)
      await visit(cell, group(protocol))
    },
  },
]
