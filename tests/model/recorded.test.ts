/**
 * Predictions beside upgrades by released operators that were recorded on kind: 300 clients on 3 nodes that come back after a second, 5 evictions a second, waits
 * of 5 s. Times are those of the recordings; the time until new nodes served is theirs too.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type OperatorName, predict } from '#weir/model/index.ts'

interface Recorded {
  operator: OperatorName
  /** From the change until new pods were in the Service, or ready where the operator let them in later. */
  newNodesSeconds: number
  healthCheckWaitSeconds: number
  pollSeconds: number
  /** From the change until the old pods were gone. */
  seconds: number
  moves: number
  offlinePeak: number
}

const RECORDED: readonly Recorded[] = [
  {
    ...{ operator: 'v1beta4@2.1.2', newNodesSeconds: 9.5, healthCheckWaitSeconds: 0, pollSeconds: 20 },
    ...{ seconds: 218.1, moves: 300, offlinePeak: 10 },
  },
  {
    ...{ operator: 'v1beta4@2.2.29', newNodesSeconds: 3.3, healthCheckWaitSeconds: 0, pollSeconds: 20 },
    ...{ seconds: 94.5, moves: 360, offlinePeak: 156 },
  },
  {
    ...{ operator: 'v2beta1@2.2.29', newNodesSeconds: 13.3, healthCheckWaitSeconds: 10, pollSeconds: 1 },
    ...{ seconds: 134.9, moves: 300, offlinePeak: 10 },
  },
]

for (const { seconds, moves, offlinePeak, ...known } of RECORDED)
  test(`${known.operator}: time, moves and clients offline within a tenth of the recorded ones`, () => {
    const predicted = predict({
      ...known,
      ...{ clients: 300, nodes: 3, connEvictRate: 5, sessEvictRate: 5, sessions: 0 },
      ...{ initialDelaySeconds: 5, waitTakeoverSeconds: 5, podEndSeconds: 2, connectSeconds: 0.01 },
      ...{ reconnect: { kind: 'fixed', baseMs: 1000 }, seed: 1 },
    })
    for (const [what, is, was] of [
      ['time', predicted.seconds, seconds],
      ['moves', predicted.moves, moves],
      ['offline', predicted.offlinePeak, offlinePeak],
    ] as const)
      assert.ok(Math.abs(is - was) <= 0.1 * was, `${what}: ${is}, recorded ${was}`)
  })

test.run()
