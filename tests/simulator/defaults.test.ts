import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exitCodeOf, judge } from '#weir/assertions/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { type Settings, settingsOf, simulate, withEmqx5 } from './index.ts'

const scenario = loadScenario('blue-green-v5-defaults')

/** EMQX 5 with nothing configured, held to what the scenario holds it to. */
function defaultsOf(seed: number): Settings {
  const settings = withEmqx5(settingsOf(seed))
  const { servingNodes: _, ...parameters } = settings.parameters
  return {
    ...settings,
    parameters: {
      ...parameters,
      ...scenario.cluster.judgeAs,
      nodes: 3,
      clients: 900,
      asked: {
        connEvictRate: 1000,
        sessEvictRate: 1000,
        waitTakeoverSeconds: 10,
        initialDelaySeconds: 10,
        byDefault: true,
      },
      scrapeIntervalSeconds: 2,
      reconnect: { policy: 'simulated', minMs: 1000, maxMs: 1000 },
    },
    asserts: scenario.assert.map(({ id }) => id),
  }
}

test('nothing configured is the storm that it is, the headline says so, and nothing else is blamed', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const record = simulate(defaultsOf(seed))
    const verdict = judge(record)
    const failed = verdict.findings.filter(({ outcome }) => outcome === 'fail')
    assert.equal(
      failed.map(({ id }) => id),
      ['eviction-envelope', 'no-storm', 'offline-peak'],
      failed.map(({ sentence }) => sentence).join(' '),
    )
    assert.is(exitCodeOf(verdict, record.manifest.end), 1)
    assert.match(
      verdict.headline,
      /No rate was configured, so the operator's default of 1000\/s applies, but this run is judged by 10\/s\./,
    )
  }
})

test('a resource that asks for more than it is held to is told so', () => {
  const { parameters, ...settings } = defaultsOf(1)
  const record = simulate({
    ...settings,
    parameters: { ...parameters, asked: { ...parameters.asked!, connEvictRate: 100, byDefault: false } },
  })
  assert.match(judge(record).headline, /The resource requests 100\/s, but this run is judged by 10\/s\./)
})

test.run()
