import { fault } from './fault.ts'

export const wrongRecipients = fault({
  name: 'wrong-recipients',
  part: 'operator',
  summary: 'sessions are to be moved to old nodes',
  caughtBy: ['status-shape'],
  // As long as there is another old node.
  v1beta4: (next) => ({
    recipients(evacuated, old, current) {
      const others = old.filter((pod) => pod.metadata.name !== evacuated.metadata.name)
      return others.length > 0 ? others : next.recipients(evacuated, old, current)
    },
  }),
  v2beta1: (next) => ({
    recipients(evacuated, old, current) {
      const others = old.filter((node) => node !== evacuated)
      return others.length > 0 ? others : next.recipients(evacuated, old, current)
    },
  }),
})
