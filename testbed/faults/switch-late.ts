import { fault } from './fault.ts'

export const switchLate = fault({
  name: 'switch-late',
  part: 'operator',
  summary: 'old nodes stay in the Service until they are deleted',
  caughtBy: ['switch-before-evict', 'landing'],
  alsoFails: [
    // New pods join it one by one, while the operator counts from its own start.
    'initial-delay',
    'hops',
    'no-storm',
    'amplification',
    'refusals',
    'offline-peak',
    'downtime',
    'eviction-floor',
    'eviction-slope',
    'evacuation-serial',
    'conservation',
  ],
  v1beta4: () => ({ keepsOldServing: true }),
  v2beta1: () => ({ keepsOldServing: true }),
})
