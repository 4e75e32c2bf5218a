import { fault } from './fault.ts'

export const memberLeft = fault({
  name: 'member-left',
  part: 'emqx',
  summary: 'EMQX goes on to list a member that no pod runs',
  shownBy: 'scale-out',
  caughtBy: ['membership-exact'],
  emqx: (next) => ({
    onJoin(node) {
      next.onJoin(node)
      // As an operation begins it is not there yet.
      if (!node.group.running().some(({ live }) => live.size > 0)) return
      const name = node.name.replace(/@[^.]+/, (pod) => pod.replace(/\d+$/, '9'))
      node.group.members.set(name, { name, role: 'core', node: undefined })
    },
  }),
})
