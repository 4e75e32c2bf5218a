import { fault } from './fault.ts'

const CLIENTS = 10

export const survivorDrop = fault({
  name: 'survivor-drop',
  part: 'emqx',
  summary: 'a node that stays drops a few clients when another is evacuated',
  shownBy: 'scale-in-drained',
  caughtBy: ['hops'],
  alsoFails: ['eviction-envelope', 'eviction-floor', 'offline-peak', 'drained-before-delete'],
  emqx: (next) => ({
    onEvacuation(node) {
      next.onEvacuation(node)
      const other = node.group.running().find(({ name, agent }) => name !== node.name && !agent.enabled)
      for (const channel of [...(other?.live.values() ?? [])].slice(0, CLIENTS))
        channel.connection?.lose('tcp_closed')
    },
  }),
})
