import type { Wait } from './wait.ts'

/** How much of its connections the node has left, so that the middle of its evacuation is not over when the next step begins. */
const SHARE = 0.75

/** EMQX evicts connections from a node, and has evicted a quarter of them. */
export const draining: Wait = {
  everyMs: 100,
  poll({ state: { trigger, evacuations } }) {
    if (!trigger) return 'nothing has been changed'
    const [evacuation] = evacuations
    if (!evacuation) return 'EMQX evacuates no node'
    const { node, state, currentConnected, initialConnected } = evacuation
    return state === 'evicting_conns' && currentConnected <= initialConnected * SHARE
      ? undefined
      : `${node}: ${state}, ${currentConnected} of ${initialConnected} connections left`
  },
}
