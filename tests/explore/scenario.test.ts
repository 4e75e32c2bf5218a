/** The scenario of an episode: "weir run" takes it, and it asks what its steps leave to ask. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stringify } from 'yaml'
import {
  type Dialect,
  type Episode,
  episodes,
  KINDS,
  scenarioText,
  statesOf,
  whole,
} from '#weir/explore/index.ts'
import { loadScenario, type Scenario } from '#weir/scenarios/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-explore-'))
test.after(() => rmSync(dir, { recursive: true }))

function loaded(episode: Episode, format?: unknown): Scenario {
  const text = scenarioText(episode, { name: 'drawn', origin: 'A test', clients: 30 })
  const file = join(dir, 'drawn.yaml')
  writeFileSync(file, stringify(format === undefined ? text : { ...text, format }))
  return loadScenario(file)
}

const of = (dialect: Dialect, ...kinds: string[]): Episode =>
  whole(
    dialect,
    kinds.map((kind) => ({ kind, variant: 0 })),
  )!

const ids = ({ assert: asked }: Scenario) => asked.map(({ id }): string => id)

test('what is drawn is a scenario that loads, with every client and no control', () => {
  for (const dialect of ['v1beta4', 'v2beta1'] as const) {
    const drawn = episodes(dialect, 5)
    for (let i = 0; i < 25; i++) {
      const scenario = loaded(drawn.next().value)
      assert.is(scenario.fleet.clients, 30)
      assert.is(scenario.cluster.dialect, dialect)
      assert.ok(ids(scenario).includes('conservation'))
    }
  }
})

test('every step has a time limit of a minute at most, and a mark says what it is', () => {
  for (const kind of KINDS) {
    const state = statesOf(of('v2beta1', 'same-version'))!.at(-1)!
    for (const step of kind.steps(state, 0))
      if ('waitFor' in step || step.action === 'evacuate') assert.ok((step.deadlineSeconds as number) <= 60)
  }
  const { steps } = loaded(of('v2beta1', 'upgrade'))
  const marks = steps.flatMap((step) => ('mark' in step ? [step.mark] : []))
  assert.equal(marks, [
    'step 1: change to version 5.8.7',
    'step 2: let it go on for 9 s',
    'step 3: wait until the update has ended',
  ])
})

test('what is asked goes by the steps', () => {
  const update = ids(loaded(of('v2beta1', 'upgrade')))
  for (const id of ['eviction-envelope', 'no-storm', 'evacuation-serial', 'initial-delay'])
    assert.ok(update.includes(id), id)
  assert.not.ok(ids(loaded(of('v2beta1', 'same-version', 'kill-node', 'upgrade'))).includes('landing'))
  const calm = ids(loaded(of('v2beta1', 'same-version', 'refused-patch')))
  assert.ok(calm.includes('untouched'))
  assert.not.ok(calm.includes('hops'))
  const stopped = ids(loaded(of('v2beta1', 'stop')))
  assert.ok(stopped.includes('stopped'))
  assert.not.ok(stopped.includes('available'))
  // With one of two nodes refusing, five probes in a row are refused now and then.
  assert.not.ok(ids(loaded(of('v2beta1', 'empty-node'))).includes('available'))
  assert.ok(ids(loaded(of('v1beta4', 'empty-node'))).includes('available'))
  const bounds = loaded(of('v2beta1', 'upgrade', 'go-on', 'finish', 'upgrade')).assert.find(
    ({ id }) => id === 'hops',
  )
  assert.equal(bounds?.bounds, { onceShare: 0, most: 2, perClient: 2 })
})

test('at rest any node is chosen, and in an update one that is still to be evacuated', () => {
  const chosen = (...kinds: string[]) =>
    loaded(of('v2beta1', ...kinds)).steps.flatMap((step) => ('pod' in step && step.pod ? [step.pod] : []))
  assert.equal(chosen('stop', 'start', 'cut-network'), ['any'])
  assert.equal(chosen('upgrade', 'cut-network'), ['an old'])
})

test('the operator of v1beta4 is one that can do what is asked', () => {
  assert.is(loaded(of('v1beta4', 'upgrade')).testbed.operator, '2.1.2')
  assert.is(loaded(of('v1beta4', 'scale-out')).testbed.operator, '2.2.29')
})

test('a file of another format is refused by its line, before anything else of it is read', () => {
  assert.throws(
    () => loaded(of('v2beta1', 'upgrade'), 2),
    /drawn\.yaml:2: format is 2, and this weir reads format 1: run it with the version of weir that wrote it, or make it again$/,
  )
  const file = join(dir, 'other.yaml')
  writeFileSync(file, 'name: other\nformat: next\nnonsense: true\n')
  assert.throws(() => loadScenario(file), /other\.yaml:2: format is "next"/)
})

test.run()
