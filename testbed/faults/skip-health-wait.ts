import { fault } from './fault.ts'

export const skipHealthWait = fault({
  name: 'skip-health-wait',
  part: 'emqx',
  summary: 'the node evicts at once instead of waiting for health checks to turn clients away',
  caughtBy: ['evacuation-states'],
  alsoFails: ['initial-delay'],
  // EMQX 4.4 has no such wait.
  dialects: ['v2beta1', 'v3beta1'],
  emqx: () => ({ waitsForHealthCheck: false }),
})
