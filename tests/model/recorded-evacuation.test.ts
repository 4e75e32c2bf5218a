/**
 * The model of one node's evacuation beside a recorded one of a real EMQX 5.8.9: 3,000 clients, 100 evictions a second, of which each comes
 * back 0.5 to 1.5 s later, one first attempt of ten to the node itself. A sixth of the recorded clients stays away, so what is compared is
 * of those that come back, in seconds of which all that were evicted do.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { evacuate } from '../../model/evacuate.ts'
import { ModelWorld } from '../../model/world.ts'

/** `connections`: the evictions from first to last, and the second that follows the last. */
const RECORDED = {
  ...{ 'health checks': 10.55, connections: 31.06, takeover: 20, offlinePeak: 166 },
  ...{ attemptsPerEviction: 2750 / 2500, attemptsPerSecond: 127 },
  ...{ p50Seconds: 1.063, p90Seconds: 1.488, p99Seconds: 2.55 },
}

test('times, clients offline, attempts and downtimes within a tenth of the recorded ones', () => {
  const world = new ModelWorld({
    ...{ clients: 3000, nodes: 1, connEvictRate: 100, sessEvictRate: 100, operator: 'v2beta1@2.2.29' },
    ...{ initialDelaySeconds: 0, healthCheckWaitSeconds: 10, waitTakeoverSeconds: 20, pollSeconds: 1 },
    ...{ newNodesSeconds: 0, podEndSeconds: 0, connectSeconds: 0.003, sessions: 0, seed: 1 },
    reconnect: { kind: 'fixed', baseMs: 1000, jitter: { plusMinus: 0.5 } },
  })
  const [old, fresh] = [world.old[0]!, world.fresh[0]!]
  world.fleet.endpoints = [old, ...Array.from({ length: 9 }, () => fresh)]
  evacuate(world, old, () => {})
  const { parts, moves, attempts, offlinePeak, attemptsPerSecond, downtime } = world.finish()
  assert.is(moves, 3000)
  const predicted = {
    ...parts,
    ...downtime,
    ...{ offlinePeak, attemptsPerSecond, attemptsPerEviction: attempts / moves },
  }
  for (const [figure, was] of Object.entries(RECORDED)) {
    const is = predicted[figure as keyof typeof RECORDED]
    assert.ok(Math.abs(is - was) <= 0.1 * was, `${figure}: ${is}, recorded ${was}`)
  }
})

test.run()
