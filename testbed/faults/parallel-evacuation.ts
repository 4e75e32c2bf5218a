import { fault } from './fault.ts'

export const parallelEvacuation = fault({
  name: 'parallel-evacuation',
  part: 'operator',
  summary: 'the next evacuation starts before the last has ended',
  caughtBy: ['evacuation-serial'],
  alsoFails: ['no-storm', 'offline-peak', 'conservation', 'eviction-envelope'],
  v1beta4: () => ({ nodesAtOnce: 2 }),
  v3beta1: () => ({ coresAtOnce: 2 }),
  v2beta1: () => ({ nodesAtOnce: 2, watchesAllEvacuations: true }),
})
