import { fault } from './fault.ts'

export const limitKicks = fault({
  name: 'limit-kicks',
  part: 'emqx',
  summary: 'a licence for fewer clients than are connected disconnects those that are too many',
  shownBy: 'connections-lower',
  caughtBy: ['untouched'],
  alsoFails: ['limit-holds', 'gauge-truth', 'conservation'],
  emqx: (next) => ({
    onLicence(node) {
      next.onLicence(node)
      const clients = node.group.running().flatMap(({ live }) => [...live.values()])
      for (const channel of clients.slice(node.license.maxSessions)) channel.connection?.lose('tcp_closed')
    },
  }),
})
