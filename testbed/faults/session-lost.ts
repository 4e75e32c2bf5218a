import { fault } from './fault.ts'

export const sessionLost = fault({
  name: 'session-lost',
  part: 'emqx',
  summary: 'one session in fifty is lost when its client moves',
  caughtBy: ['session-kept'],
  emqx(next) {
    let moves = 0
    return {
      losesSession(held, to) {
        if (next.losesSession(held, to)) return true
        const isMove = held.node !== to || held.parked
        return isMove && moves++ % 50 === 4
      },
    }
  },
})
