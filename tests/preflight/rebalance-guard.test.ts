/** The guard of rebalances: each rule with a request that breaks it alone, and requests that break none. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { guardRebalance } from '#weir/preflight/index.ts'

type Asked = Parameters<typeof guardRebalance>[0]

const request: Asked['request'] = {
  ...{ connEvictRate: 10, sessEvictRate: 500, waitHealthCheckSeconds: 60, waitTakeoverSeconds: 0 },
  ...{ absConnThreshold: 1, relConnThreshold: 1.01, absSessThreshold: 1000, relSessThreshold: 1.1 },
}
const fit: Asked = {
  ...{ what: 'EMQX default/emqx', settled: true, condition: 'Ready', request },
  leastWaitSeconds: 0,
  evacuation: { found: true, how: 'EMQX Enterprise 5.8.6' },
  underWay: { found: [], how: 'asked' },
}

function refusal(asked: Asked): string | undefined {
  try {
    guardRebalance(asked)
    return undefined
  } catch (error) {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, 'WEIR_REFUSED')
    return (error as WeirError).message
  }
}

const asking = (changes: Partial<Asked['request']>): Asked => ({
  ...fit,
  request: { ...request, ...changes },
})

/** [request, what is said] */
const REFUSED: [Asked, RegExp][] = [
  [asking({ connEvictRate: 0 }), /\(rule rates\): --conn-evict-rate 0 is not a whole number of at least 1$/],
  [asking({ sessEvictRate: -1 }), /\(rule rates\): --sess-evict-rate -1 is/],
  [
    asking({ waitHealthCheckSeconds: -1 }),
    /\(rule rates\): --wait-health-check -1 is not a whole number of at least 0/,
  ],
  [
    { ...asking({ waitHealthCheckSeconds: 0 }), leastWaitSeconds: 1 },
    /\(rule rates\): --wait-health-check 0 is not a whole number of at least 1$/,
  ],
  [{ ...fit, leastWaitSeconds: 1 }, /\(rule rates\): --wait-takeover 0 is not a whole number of at least 1$/],
  [asking({ waitTakeoverSeconds: 0.5 }), /\(rule rates\): --wait-takeover 0\.5 is/],
  [
    asking({ absConnThreshold: 0 }),
    /\(rule thresholds\): --abs-conn-threshold 0 is not a whole number above 0$/,
  ],
  [asking({ absSessThreshold: 1.5 }), /\(rule thresholds\): --abs-sess-threshold 1\.5 is/],
  [asking({ relConnThreshold: 1 }), /\(rule thresholds\): --rel-conn-threshold 1 is not a number above 1$/],
  [asking({ relSessThreshold: Number.NaN }), /\(rule thresholds\): --rel-sess-threshold NaN is/],
  [
    { ...fit, evacuation: { found: false, how: 'EMQX 5.8.6 of the open-source edition' } },
    /\(rule enterprise\): EMQX 5\.8\.6 of the open-source edition: only EMQX Enterprise/,
  ],
  [
    { ...fit, evacuation: { found: undefined, why: 'no pod answered' } },
    /\(rule enterprise\): no pod answered/,
  ],
  [
    { ...fit, settled: false, condition: 'CoreNodesProgressing' },
    /^EMQX default\/emqx is not rebalanced \(rule not-running\): something is under way \(condition CoreNodesProgressing\)/,
  ],
  [
    {
      ...fit,
      underWay: { found: ['node a@b is being evacuated', 'Rebalance default/x has not ended'], how: '' },
    },
    /\(rule alone\): node a@b is being evacuated, Rebalance default\/x has not ended: wait/,
  ],
  [
    { ...fit, underWay: { found: undefined, why: 'forbidden' } },
    /\(rule alone\): whether .* is unknown: forbidden/,
  ],
]

for (const [asked, words] of REFUSED)
  test(`refused: ${words.source}`, () => {
    assert.match(refusal(asked) ?? '', words)
  })

test('what breaks no rule is not refused', () => {
  assert.is(refusal(fit), undefined)
  assert.is(refusal(asking({ waitHealthCheckSeconds: 0, relConnThreshold: 1.0001 })), undefined)
})

test.run()
