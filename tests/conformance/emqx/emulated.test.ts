/** The emulated nodes behave as real ones do: tests/acceptance/emqx.accept.ts runs the same cases on those. */
import { test } from 'uvu'
import { DEFAULTS } from '#weir/testbed/emqx/evacuation/options.ts'
import { cluster5 } from '../../testbed/emqx/support/cluster-5.ts'
import { conformance } from './suite.ts'

conformance(async () => {
  const { cluster, clock, nodes } = await cluster5({ count: 2 })
  const [one, two] = [nodes[0]!, nodes[1]!]
  return {
    one,
    two,
    now: () => clock.now(),
    async pass(ms) {
      await clock.advance(ms)
      // Packets are on their way between two sockets of this process.
      await new Promise((resolve) => setTimeout(resolve, 1))
    },
    async evacuateTo(node, serverReference) {
      const { evacuation } = (node === one ? one : two).core
      evacuation.start({ ...DEFAULTS, waitHealthCheckSeconds: 0, serverReference }, true)
    },
    async terminate(node) {
      const ended = (node === one ? one : two).terminate()
      await clock.advance(10)
      await ended
    },
    close: () => cluster.close(),
  }
})

test.run()
