/** Scenarios of stops, starts and deletions on a user's cluster. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { deleting, starting, stopping } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

const boundsOf = ({ assert: asked }: Scenario) => asked.filter(({ bounds }) => bounds !== undefined)

for (const dialect of ['v1beta4', 'v2beta1'] as const)
  test(`${dialect}: real pods have their grace period, which the bounds of the emulation do not allow for`, () => {
    const cluster = { dialect, clients: 10 }
    const scenarios = [
      stopping(cluster),
      starting({ ...cluster, to: { cores: 3, replicants: 0 } }),
      deleting({ ...cluster, isStopped: false }),
      deleting({ ...cluster, isStopped: true }),
    ]
    for (const scenario of scenarios) {
      assert.ok(scenario.assert.length > 0, scenario.name)
      assert.equal(boundsOf(scenario), [], scenario.name)
    }
  })

test('a stopped cluster is deleted without clients, and without another stop', () => {
  const { fleet, steps } = deleting({ dialect: 'v2beta1', clients: 10, isStopped: true })
  assert.is(fleet.clients, 0)
  assert.not.ok(steps.some((step) => 'action' in step && step.action === 'stop'))
})

test.run()
