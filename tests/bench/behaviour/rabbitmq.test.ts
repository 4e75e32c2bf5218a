import * as assert from 'uvu/assert'
import { until } from '../support/until.ts'
import { group } from './behaviours/groups.ts'
import { playAll } from './matrix.ts'
import { openRabbitmq } from './stages/rabbitmq.ts'

playAll('rabbitmq', openRabbitmq, {
  needs: 'rabbitmq-server',
  lack: {
    protocol: '5',
    because:
      'RabbitMQ 3.10 speaks 3.1.1 only, and closes the connection of who asks for more without an answer',
    instead: async (cell, protocol) => {
      const shard = cell.start({ group: group(protocol) })
      await until('it failed twice', () => shard.counters().failed >= 2)
      const history = await shard.stop()
      assert.equal(history.story(0).slice(1, 5), ['attempt', 'failed closed', 'attempt', 'failed closed'])
    },
  },
})
