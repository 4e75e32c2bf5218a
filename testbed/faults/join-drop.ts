import { fault } from './fault.ts'

const CLIENTS = 5

export const joinDrop = fault({
  name: 'join-drop',
  part: 'emqx',
  summary: 'a node drops a few clients when another joins its own set',
  shownBy: 'scale-out',
  caughtBy: ['untouched'],
  alsoFails: ['gauge-truth'],
  emqx(next) {
    const dropping = new Set<number>()
    return {
      onJoin(node) {
        next.onJoin(node)
        const other = node.group
          .running()
          .find(
            ({ name, generation, live }) =>
              name !== node.name && generation === node.generation && live.size > 0,
          )
        if (!other || dropping.has(node.generation)) return
        dropping.add(node.generation)
        for (const channel of [...other.live.values()].slice(0, CLIENTS))
          channel.connection?.lose('tcp_closed')
      },
    }
  },
})
