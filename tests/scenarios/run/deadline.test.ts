import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import { v1beta4 } from '#weir/cluster/dialects/v1beta4.ts'
import type { Parameters } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { deadlineSeconds, expectedMoveSeconds, limitSeconds } from '#weir/scenarios/run/deadline.ts'
import { resolveParameters } from '#weir/scenarios/run/parameters.ts'

const parametersOf = (name: string): Parameters => {
  const scenario = loadScenario(name)
  const dialect = dialects[scenario.cluster.dialect]
  return resolveParameters(scenario, dialect, scenario.cluster.manifest as never, {
    testbed: scenario.testbed,
  })
}

test('the documentation’s numbers: T = 180 + 5 + 3 (100+1 + 5 + 100+1 + 20 + 60), deadline 1.5 T + 60', () => {
  const parameters = parametersOf('blue-green')
  assert.is(expectedMoveSeconds(parameters), 180 + 5 + 3 * (101 + 5 + 101 + 20 + 60))
  assert.is(deadlineSeconds('formula', parameters), 1.5 * 1046 + 60)
})

test('no wait for takeovers means EMQX’s own minute', () => {
  const parameters = { ...parametersOf('blue-green'), waitTakeoverSeconds: 0 }
  assert.is(expectedMoveSeconds(parameters), 1046 + 3 * 55)
})

test('EMQX 5 waits a minute more per node, and its operator looks every second', () => {
  const one = 60 + (40 + 1) + 5 + (40 + 1) + 1 + 60
  assert.is(expectedMoveSeconds(parametersOf('blue-green-v5')), 180 + 5 + 3 * one)
})

test('cores behind replicants are not evacuated: they cost their takeover wait, a poll and their termination', () => {
  const one = 60 + (60 + 1) + 5 + (60 + 1) + 1 + 60
  assert.is(
    expectedMoveSeconds(parametersOf('blue-green-v5-replicants')),
    180 + 5 + 2 * one + 2 * (5 + 1 + 60),
  )
})

test('a run held to other numbers than its resource’s is given the time that the resource’s need', () => {
  const parameters = parametersOf('blue-green-v5-defaults')
  assert.is(parameters.connEvictRate, 10)
  assert.equal(parameters.asked, {
    connEvictRate: 1000,
    sessEvictRate: 1000,
    waitTakeoverSeconds: 10,
    initialDelaySeconds: 10,
    byDefault: true,
  })
  assert.is(expectedMoveSeconds(parameters), 180 + 10 + 3 * (60 + 2 + 10 + 2 + 1 + 60))
  assert.is(parametersOf('blue-green-v5').asked, undefined)
  assert.is(parametersOf('rolling').asked, undefined)
})

test('a number is a number; a formula needs parameters', () => {
  assert.is(deadlineSeconds(7, undefined), 7)
  assert.throws(() => deadlineSeconds('formula', undefined))
})

test('a user’s cluster gets the time that its own numbers need; weir’s testbed, and whoever wants to wait longer, keep theirs', () => {
  const { testbed, ...rest } = loadScenario('blue-green-v5-quick')
  const real = resolveParameters({ testbed, ...rest }, dialects.v2beta1, rest.cluster.manifest as never)
  assert.is(real.dialect.healthCheckWaitSeconds, 60)
  const upgraded = { waitFor: 'upgraded', deadlineSeconds: 150 } as const
  const needed = 1.5 * expectedMoveSeconds(real) + 60
  assert.ok(needed > 150)
  assert.is(limitSeconds(upgraded, real, { isEmulated: false }), needed)
  assert.is(limitSeconds(upgraded, real, { isEmulated: true }), 150)
  assert.is(limitSeconds({ ...upgraded, deadlineSeconds: 1e5 }, real, { isEmulated: false }), 1e5)
  const other = { waitFor: 'fleet-connected', deadlineSeconds: 150 } as const
  assert.is(limitSeconds(other, real, { isEmulated: false }), 150)
})

test('where nobody is evicted, no eviction is waited for: the time is finite', () => {
  const none = { ...parametersOf('blue-green'), connEvictRate: 0, sessEvictRate: 0, waitTakeoverSeconds: 0 }
  assert.is(expectedMoveSeconds(none), 180 + 5 + 3 * (1 + 60 + 1 + 20 + 60))
})

test('parameters: from the resource, and where it names no rates from judgeAs', () => {
  const blueGreen = parametersOf('blue-green')
  assert.is(blueGreen.dialect.evacuates, true)
  assert.equal(blueGreen.reconnect, { policy: 'fixed', minMs: 1000, maxMs: 1000 })
  assert.is(blueGreen.targetVersion, '4.4.19')
  assert.is(blueGreen.holdSeconds, 30)
  const rolling = parametersOf('rolling')
  assert.is(rolling.dialect.evacuates, false)
  assert.is(rolling.connEvictRate, 10)
  assert.is(rolling.nodes, 3)
})

test('of an operator that is not the testbed’s, weir assumes what every release does', () => {
  const scenario = loadScenario('blue-green-quick')
  const { dialect, pollIntervalSeconds } = resolveParameters(
    scenario,
    v1beta4,
    scenario.cluster.manifest as never,
  )
  assert.is(pollIntervalSeconds, 20)
  assert.is(dialect.operator, undefined)
})

test.run()
