/** Each part of a prediction against numbers worked out by hand. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { predict, type Setting, safeRates } from '#weir/model/index.ts'

/** Three nodes with about 100 clients each; a node is empty after 10 ticks or 11, and the next sees it. */
const SETTING: Setting = {
  clients: 300,
  nodes: 3,
  operator: 'v2beta1@2.2.29',
  connEvictRate: 10,
  sessEvictRate: 10,
  waitTakeoverSeconds: 7,
  initialDelaySeconds: 5,
  healthCheckWaitSeconds: 20,
  pollSeconds: 1,
  newNodesSeconds: 30,
  podEndSeconds: 4,
  connectSeconds: 0.5,
  sessions: 0,
  reconnect: { kind: 'fixed', baseMs: 2000 },
  seed: 1,
}
const near = (value: number, wanted: number, within: number, what: string) =>
  assert.ok(Math.abs(value - wanted) <= within, `${what}: ${value}, not ${wanted} within ${within}`)

test('EMQX 5: each node waits for health checks, evicts a burst a second, and waits for takeovers', () => {
  const { parts, seconds, moves, attempts, refused, offlinePeak, downtime } = predict(SETTING)
  near(parts['new nodes'], 30, 1.2, 'new nodes')
  near(parts['initial delay'], 6, 1.2, 'initial delay')
  near(parts['health checks'], 60, 1e-6, 'health checks')
  near(parts.connections, 31.6, 1.6, 'connections')
  near(parts.takeover, 21, 1e-6, 'takeover')
  assert.is(parts.sessions, 0)
  // The operator does not wait for the pods between two nodes.
  near(parts.pods, 4, 1e-6, 'pods')
  near(
    Object.values(parts).reduce((sum, part) => sum + part, 0),
    seconds,
    1e-6,
    'the parts add up',
  )
  // New nodes alone are in the Service: everybody moves once, and nobody is refused.
  assert.equal([moves, attempts, refused], [300, 300, 0])
  // 2.5 s away, 10 more each second.
  assert.is(offlinePeak, 30)
  near(downtime.p50Seconds, 2.5, 0.02, 'downtime')
  near(downtime.maxSeconds, 2.5, 0.02, 'longest downtime')
})

test('sessions whose clients stay away are moved at their own rate', () => {
  // emqtt-bench never comes back: 100 sessions of each node at 25 a second take 4 ticks or 5.
  const away = predict({ ...SETTING, sessions: 1, sessEvictRate: 25, reconnect: { preset: 'emqtt-bench' } })
  near(away.parts.sessions, 13, 1.1, 'sessions')
  assert.is(away.gaveUp, 300)
  assert.is(away.offlinePeak, 300)
})

test('EMQX 4.4 under 2.1.2: no wait for health checks, a poll and the initial delay before each node', () => {
  const slow = predict({ ...SETTING, operator: 'v1beta4@2.1.2', healthCheckWaitSeconds: 0, pollSeconds: 20 })
  assert.is(slow.parts['health checks'], 0)
  // 20.5 s are more than the delay of the first node; those of the others end in a whole second.
  near(slow.parts['initial delay'], 20.5 + 2 * 4.5, 1.1, 'initial delay')
  // 17 to 19 s of evacuation are seen 20.5 s after its start, and the next node's turn comes a poll later.
  near(slow.parts.operator, 3 * 2.5 + 2 * 20.5, 3, 'operator')
  assert.is(slow.moves, 300)
})

test('EMQX 4.4 under 2.2.29: whole nodes are dropped, and clients move again', () => {
  const storm = predict({
    ...SETTING,
    operator: 'v1beta4@2.2.29',
    healthCheckWaitSeconds: 0,
    pollSeconds: 20,
  })
  // Of the first 100, two fifths land on old nodes: 100 + 120 + 150 (docs/contract/operator.md, 3 old and 3 new nodes).
  near(storm.moves, 370, 25, 'moves')
  assert.ok(storm.offlinePeak >= 100)
  assert.is(storm.parts.connections, 0)
})

test('a rolling update drops each node whole', () => {
  const { seconds, offlinePeak, attemptsPerSecond } = predict(SETTING, 'rolling')
  near(seconds, 3 * 34, 1e-6, 'time')
  assert.ok(offlinePeak >= 100 && attemptsPerSecond >= 100)
})

test('the larger a fleet, the larger the storm of a rolling update', () => {
  const storm = (clients: number) => predict({ ...SETTING, clients }, 'rolling').attemptsPerSecond
  const sizes = [300, 3000, 30_000, 300_000].map(storm)
  for (const [i, attempts] of sizes.entries())
    assert.ok(attempts >= 90 * 10 ** i, `${attempts} attempts within a second of ${300 * 10 ** i} clients`)
})

test('the same seed gives the same prediction, another seed another', () => {
  const setting: Setting = { ...SETTING, reconnect: { preset: 'hivemq-java' } }
  assert.equal(predict(setting), predict(setting))
  assert.not.equal(predict(setting), predict({ ...setting, seed: 2 }))
})

test('safe rates: the slowest is in time, the fastest keeps to the limit, and their neighbours do not', () => {
  const goals = { withinSeconds: 200, maxOffline: 0.2 }
  const { slowest, fastest, prediction } = safeRates(SETTING, goals)
  const at = (rate: number) => predict({ ...SETTING, connEvictRate: rate, sessEvictRate: rate })
  assert.ok(1 < slowest && slowest < fastest && fastest < 100, `${slowest} to ${fastest}`)
  assert.ok(at(slowest).seconds <= 200 && at(slowest - 1).seconds > 200)
  assert.ok(at(fastest).offlinePeak <= 60 && at(fastest + 1).offlinePeak > 60)
  assert.equal(prediction, at(fastest))
})

test('goals that no rate meets are refused with the figures', () => {
  const refused = (goals: Parameters<typeof safeRates>[1], words: RegExp) =>
    assert.throws(() => safeRates(SETTING, goals), words)
  refused(
    { maxDowntimeP99Seconds: 2 },
    /no rate meets --max-downtime-p99: downtime p99 is 2\.5\d s even at 1/,
  )
  refused({ withinSeconds: 60 }, /no rate meets --within: the update takes \d+ s .* not 60 s/)
  refused(
    { withinSeconds: 150, maxOffline: 0.02 },
    /both --within and --max-offline: \d+ a second .* takes \d+ s, not 150 s/,
  )
})

test.run()
