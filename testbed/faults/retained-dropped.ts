import { fault } from './fault.ts'

export const retainedDropped = fault({
  name: 'retained-dropped',
  part: 'emqx',
  summary: 'retained messages are lost when a node comes or is evacuated',
  shownBy: 'scale-out',
  caughtBy: ['data-kept'],
  emqx: (next) => ({
    onJoin(node) {
      next.onJoin(node)
      node.group.retained.clear()
    },
    onEvacuation(node) {
      next.onEvacuation(node)
      node.group.retained.clear()
    },
  }),
})
