import { fault } from './fault.ts'

export const gaugeFrozen = fault({
  name: 'gauge-frozen',
  part: 'emqx',
  summary: "a node's gauges stop changing when its evacuation starts",
  caughtBy: ['gauge-truth'],
  alsoFails: ['conservation', 'eviction-slope'],
  emqx: (next) => ({
    onEvacuation(node) {
      next.onEvacuation(node)
      node.gauges.stop()
    },
  }),
})
