import * as assert from 'uvu/assert'
import { until } from '../../support/until.ts'
import type { Behaviour } from '../behaviour.ts'
import { group, STAYS_AWAY } from './groups.ts'

export const CONNECTING: readonly Behaviour[] = [
  {
    name: 'clients connect, are counted, and leave in good order',
    run: async (cell, protocol) => {
      const shard = cell.start({ clients: 5, group: group(protocol) })
      await until('all are online', () => shard.counters().online === 5)
      const history = await shard.stop()
      for (let client = 0; client < 5; client++)
        assert.equal(history.story(client), ['scheduled', 'attempt', 'connected 0', 'left stopped'])
      assert.equal(
        history.rows.filter(({ kind }) => kind === 'connected').map(({ sessionPresent }) => sessionPresent),
        [0, 0, 0, 0, 0],
      )
    },
  },
  {
    name: 'a wrong password is refused with its code, and tried again',
    run: async (cell, protocol) => {
      const shard = cell.start({ group: group(protocol), password: 'wrong' })
      await until('it was refused three times', () => shard.counters().refused >= 3)
      const history = await shard.stop()
      const codes = new Set(history.rows.filter(({ kind }) => kind === 'refused').map(({ code }) => code))
      // 3.1.1 §3.2.2.3: 4 bad user name or password, 5 not authorized; 5 §3.2.2.2: 0x86 and 0x87.
      const allowed = protocol === '5' ? [0x86, 0x87] : [4, 5]
      assert.is(codes.size, 1)
      assert.ok(allowed.includes([...codes][0]!), `code ${[...codes]}`)
      assert.is(history.count('refused', 'connack'), history.count('refused'))
      assert.is(history.count('connected'), 0)
    },
    except: [
      {
        broker: 'emqx',
        because: "the emulated node's listeners ask for no password",
        instead: async (cell, protocol) => {
          const shard = cell.start({ group: group(protocol), password: 'wrong' })
          await until('it is online', () => shard.counters().online === 1)
        },
      },
    ],
  },
  {
    name: 'a second client of the same id takes over: the first is thrown out',
    run: async (cell, protocol) => {
      const shard = cell.start({ group: group(protocol), reconnect: STAYS_AWAY })
      await until('it is online', () => shard.counters().online === 1)
      await cell.witness(protocol, { clientId: cell.clientId() })
      await until('it was thrown out', () => shard.counters().disconnected === 1)
      const history = await shard.stop()
      // MQTT 5 §3.1.4: DISCONNECT with 0x8E, session taken over; 3.1.1 has no such packet.
      const ending = protocol === '5' ? `disconnected disconnect-packet ${0x8e}` : 'disconnected closed'
      assert.is(history.story(0)[3], ending)
    },
    except: [
      {
        broker: 'mosquitto',
        protocol: '5',
        because: 'mosquitto 2.0.11 closes the old connection without a DISCONNECT',
        instead: async (cell, protocol) => {
          const shard = cell.start({ group: group(protocol), reconnect: STAYS_AWAY })
          await until('it is online', () => shard.counters().online === 1)
          await cell.witness(protocol, { clientId: cell.clientId() })
          await until('it was thrown out', () => shard.counters().disconnected === 1)
          assert.is((await shard.stop()).story(0)[3], 'disconnected closed')
        },
      },
    ],
  },
  {
    name: 'after a takeover the client takes over in its turn, as often as it is thrown out',
    run: async (cell, protocol) => {
      const shard = cell.start({ group: group(protocol) })
      for (const times of [1, 2, 3]) {
        await until('it is online', () => shard.counters().connected === times)
        await cell.witness(protocol, { clientId: cell.clientId() })
      }
      await until('it is back for good', () => shard.counters().connected === 4)
      const history = await shard.stop()
      assert.is(history.count('disconnected'), 3)
      assert.is(history.count('gave-up'), 0)
    },
  },
]
