import { willDelaySeconds } from '../emqx/session/channel.ts'
import { fault } from './fault.ts'

export const willWrong = fault({
  name: 'will-wrong',
  part: 'emqx',
  summary:
    'every other eviction publishes no will, and every other delayed will comes although its client is back',
  caughtBy: ['wills'],
  emqx(next) {
    let evictions = 0
    let returns = 0
    return {
      dropsWill(channel, ending) {
        if (next.dropsWill(channel, ending)) return true
        const isDue =
          ending === 'use_another_server' && channel.will !== undefined && willDelaySeconds(channel) === 0
        return isDue && evictions++ % 2 === 0
      },
      keepsWill: (held) => next.keepsWill(held) || (held.cancelWill !== undefined && returns++ % 2 === 0),
    }
  },
})
