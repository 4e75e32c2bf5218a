/** Two real nodes of EMQX 5.8.9 against the cases that the emulated ones are held to. */
import assert from 'node:assert/strict'
import { test } from 'uvu'
import { conformance } from '../conformance/emqx/suite.ts'
import { startRealNodes } from '../support/real/nodes.ts'
import { hasReal } from '../support/real/programs.ts'
import { nextAddress } from '../testbed/emqx/support/nodes.ts'

if (hasReal()) {
  conformance(async () => {
    const { nodes, close } = await startRealNodes([nextAddress(), nextAddress()], {
      key: 'key',
      secret: 'secret',
    })
    const [one, two] = nodes
    return {
      one: one!,
      two: two!,
      now: () => Date.now(),
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      async evacuateTo(node, reference) {
        const flags = ['--wait-health-check', '1', '--redirect-to', reference]
        const { control } = nodes.find(({ name }) => name === node.name)!
        assert.equal(await control('rebalance', 'start', '--evacuation', ...flags), 0)
      },
      terminate: (node) => nodes.find(({ name }) => name === node.name)!.terminate(),
      close,
    }
  })
  test.run()
} else console.log('not here: the cases of EMQX on real nodes')
