/** Sequences of a seed: always the same, always legal, and of every kind. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Dialect, type Episode, episodes, KINDS, statesOf } from '#weir/explore/index.ts'

const DIALECTS: readonly Dialect[] = ['v1beta4', 'v2beta1']

function firstOf(dialect: Dialect, seed: number, count: number): Episode[] {
  const all = episodes(dialect, seed)
  return Array.from({ length: count }, () => all.next().value)
}

const written = (list: readonly Episode[]) => JSON.stringify(list)

test('a seed fixes the sequence, and another seed is another one', () => {
  for (const dialect of DIALECTS) {
    assert.is(written(firstOf(dialect, 7, 20)), written(firstOf(dialect, 7, 20)))
    assert.is.not(written(firstOf(dialect, 7, 20)), written(firstOf(dialect, 8, 20)))
  }
})

test('every episode is legal, begins with a change and ends at rest with its operator there', () => {
  for (const dialect of DIALECTS)
    for (let seed = 0; seed < 50; seed++)
      for (const episode of firstOf(dialect, seed, 10)) {
        const states = statesOf(episode)
        assert.ok(states, `${dialect} ${seed}: ${written([episode])}`)
        const [, first] = states
        assert.ok(first?.isChanged, written([episode]))
        const last = states.at(-1)!
        assert.is(last.phase, 'rest', written([episode]))
        assert.is(last.isOperatorAway, false)
        assert.ok(episode.steps.length <= 12, `${episode.steps.length} steps`)
      }
})

test('a few hundred steps have every kind that the dialect allows', () => {
  const never = { v1beta4: ['take-back'], v2beta1: [] as string[] }
  for (const dialect of DIALECTS) {
    const seen = new Set(firstOf(dialect, 1, 150).flatMap(({ steps }) => steps.map(({ kind }) => kind)))
    const missing = KINDS.filter(({ name }) => !seen.has(name)).map(({ name }) => name)
    assert.equal(missing, never[dialect], dialect)
  }
})

test('on v1beta4 no episode updates and scales: no released operator does both', () => {
  for (const { steps } of firstOf('v1beta4', 3, 200)) {
    const kinds = steps.map(({ kind }) => kind)
    assert.not.ok(kinds.includes('upgrade') && kinds.includes('scale-out'), kinds.join(' '))
  }
})

test('in an update of nodes of which only one has clients, no step looks for another that is still to be evacuated', () => {
  const start = [
    { kind: 'empty-node', variant: 0 },
    { kind: 'scale-in', variant: 0 },
    { kind: 'scale-out', variant: 0 },
  ]
  const steps = [...start, { kind: 'upgrade', variant: 0 }, { kind: 'drain-machine', variant: 0 }]
  assert.not.ok(statesOf({ dialect: 'v2beta1', steps }))
  assert.ok(statesOf({ dialect: 'v2beta1', steps: steps.slice(3) }))
})

test('on v1beta4 no update goes back on the way: no released operator ends that', () => {
  for (const episode of firstOf('v1beta4', 6, 300)) {
    const states = statesOf(episode)!
    episode.steps.forEach(({ kind }, index) => {
      if (kind === 'upgrade-again')
        assert.is.not(states[index + 1]!.version, states[index]!.versionBefore, written([episode]))
    })
  }
})

test('the only node of a cluster is not killed', () => {
  for (const dialect of DIALECTS)
    for (const episode of firstOf(dialect, 4, 200)) {
      const states = statesOf(episode)!
      episode.steps.forEach(({ kind }, index) => {
        if (/^(kill|drain)/.test(kind)) assert.ok(states[index]!.nodes > 1, written([episode]))
      })
    }
})

test('steps that are not legal are refused', () => {
  const of = (...kinds: string[]): Episode => ({
    dialect: 'v2beta1',
    steps: kinds.map((kind) => ({ kind, variant: 0 })),
  })
  assert.is(statesOf(of('finish')), undefined)
  assert.is(statesOf(of('upgrade', 'scale-out')), undefined)
  assert.is(statesOf(of('stop', 'stop')), undefined)
  assert.is(statesOf(of('same-version', 'stop-operator', 'upgrade')), undefined)
  // A stop and an update are both legal, and nothing of a rate can be judged of both.
  assert.is(statesOf(of('stop', 'start', 'upgrade')), undefined)
  assert.is(statesOf(of('upgrade', 'go-on', 'finish', 'scale-out'))?.at(-1)?.nodes, 3)
})

test.run()
