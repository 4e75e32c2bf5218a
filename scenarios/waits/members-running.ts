import { messageOf } from '#weir/errors/index.ts'
import { some, type Wait } from './wait.ts'

/**
 * EMQX itself counts the node of every pod among those that run. A pod of v1beta4 is ready before EMQX in it has started, and the resource shows
 * what its operator saw last.
 */
export const membersRunning: Wait = {
  everyMs: 500,
  async poll({ live, cluster }) {
    const [first] = live.reachable
    if (!first) return 'no node can be asked'
    try {
      const running = new Set(
        (await cluster.emqx(first).nodes()).flatMap((one) => (one.running ? [one.node] : [])),
      )
      const missing = live.pods.filter(({ node }) => !running.has(node)).map(({ name }) => name)
      return missing.length === 0 ? undefined : `EMQX does not count ${some(missing)} among its running nodes`
    } catch (error) {
      return `${first.name} does not say which nodes run: ${messageOf(error)}`
    }
  },
}
