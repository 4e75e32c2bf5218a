import { fault } from './fault.ts'

const CLIENTS = 5

export const earlyDrop = fault({
  name: 'early-drop',
  part: 'emqx',
  summary: 'an old node drops a few clients when new nodes join',
  caughtBy: ['undisturbed-before'],
  alsoFails: ['hops'],
  // The Service may lead to old and new pods alike then, so a dropped client may land on an old node and move again.
  emqx(next) {
    const dropped = new Set<number>()
    return {
      onJoin(node) {
        next.onJoin(node)
        if (!node.isNew || dropped.has(node.generation)) return
        dropped.add(node.generation)
        const old = node.group
          .running()
          .find((other) => other.generation < node.generation && other.live.size > 0)
        for (const channel of [...(old?.live.values() ?? [])].slice(0, CLIENTS))
          channel.connection?.lose('tcp_closed')
      },
    }
  },
})
