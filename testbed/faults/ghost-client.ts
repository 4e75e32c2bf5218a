import type { Channel } from '../emqx/session/channel.ts'
import { fault } from './fault.ts'

const CLIENTS = 3

export const ghostClient = fault({
  name: 'ghost-client',
  part: 'emqx',
  summary: 'a node goes on listing a few clients that have moved to another',
  caughtBy: ['conservation'],
  emqx(next) {
    /** By client id: the row as it was when the client was evicted. */
    const ghosts = new Map<string, Channel>()
    return {
      onEvicted(node, channel) {
        next.onEvicted(node, channel)
        if (ghosts.size < CLIENTS) ghosts.set(channel.clientId, { ...channel })
      },
      onConnected(node, channel) {
        next.onConnected(node, channel)
        if (ghosts.get(channel.clientId)?.node === node) ghosts.delete(channel.clientId)
      },
      listedBeside(node) {
        const isElsewhere = ({ clientId }: Channel) => {
          const holder = node.group.registry.get(clientId)?.node
          return holder !== undefined && holder !== node
        }
        const own = [...ghosts.values()].filter((ghost) => ghost.node === node && isElsewhere(ghost))
        return [...next.listedBeside(node), ...own]
      },
    }
  },
})
