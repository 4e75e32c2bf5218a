import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isAssertionId } from '#weir/facts/index.ts'
import { applicable } from '#weir/preflight/plan/applicable.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { observing } from '#weir/scenarios/load/observing.ts'

const blueGreen = loadScenario('blue-green')
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id)

test('alone on a cluster that evacuates, everything is asked', () => {
  const { asked, notAsked } = applicable(blueGreen, {
    clients: 3000,
    otherClients: 0,
    evacuates: true,
    replaces: 'set',
  })
  assert.equal(asked, blueGreen.assert)
  assert.equal(notAsked, [])
})

test('beside other clients, what counts them too is not', () => {
  const { asked, notAsked } = applicable(blueGreen, {
    clients: 3000,
    otherClients: 1,
    evacuates: true,
    replaces: 'set',
  })
  assert.equal(ids(notAsked).toSorted(), ['eviction-floor', 'gauge-truth', 'initial-delay'])
  assert.is(asked.length + notAsked.length, blueGreen.assert.length)
})

test('without evacuations nothing is asked about them', () => {
  const { asked } = applicable(blueGreen, {
    clients: 3000,
    otherClients: 0,
    evacuates: false,
    replaces: 'set',
  })
  assert.not.ok(ids(asked).some((id) => id.startsWith('evacuation-')))
  assert.ok(ids(asked).includes('conservation'))
})

test('who only looks on asks for nothing that only clients can answer', () => {
  const scenario = observing({ dialect: 'v2beta1', clients: 0, deadlineSeconds: 60, holdSeconds: 5 })
  const { asked } = applicable(scenario, { clients: 0, otherClients: 5000, evacuates: true, replaces: 'set' })
  assert.ok(ids(asked).includes('eviction-slope'), 'other clients make gauges fall')
  for (const id of [
    'conservation',
    'hops',
    'landing',
    'no-storm',
    'gauge-truth',
    'session-kept',
    'available',
  ])
    assert.not.ok(ids(asked).includes(id), id)
  for (const id of ids(asked)) assert.ok(isAssertionId(id), id)
  assert.not.ok(
    scenario.steps.some((step) => 'action' in step),
    'it changes nothing',
  )
})

test('with a fleet of its own it asks what an upgrade of weir’s asks', () => {
  const scenario = observing({ dialect: 'v1beta4', clients: 10, deadlineSeconds: 60, holdSeconds: 5 })
  assert.equal(scenario.assert, blueGreen.assert)
  assert.ok(scenario.steps.some((step) => 'action' in step && step.action === 'start-fleet'))
})

test('where pods are replaced one by one, nothing is asked of a new set', () => {
  const about = { clients: 3000, otherClients: 0, evacuates: true, replaces: 'pods' } as const
  const { notAsked } = applicable(blueGreen, about)
  assert.equal(notAsked.map(({ id }) => id).sort(), [
    'initial-delay',
    'landing',
    'status-shape',
    'status-truth',
    'switch-before-evict',
  ])
})

test.run()
