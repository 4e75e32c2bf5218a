import { fault } from './fault.ts'

export const duplicateQos2 = fault({
  name: 'duplicate-qos2',
  part: 'emqx',
  summary: 'one message of QoS 2 in ten is delivered twice, under two packet ids',
  caughtBy: ['messages'],
  emqx(next) {
    let messages = 0
    return {
      deliveries(session, delivery) {
        const before = next.deliveries?.(session, delivery) ?? [delivery]
        return before.flatMap((one) => (one.qos === 2 && ++messages % 10 === 0 ? [one, one] : [one]))
      },
    }
  },
})
