import { fault } from './fault.ts'

export const queueDropped = fault({
  name: 'queue-dropped',
  part: 'emqx',
  summary: 'messages that wait for a client are lost when its session moves',
  caughtBy: ['messages'],
  alsoFails: ['wills'],
  // Wills of other clients may be among them.
  emqx: (next) => ({
    onTakeover(session) {
      next.onTakeover(session)
      session.queue = undefined
    },
  }),
})
