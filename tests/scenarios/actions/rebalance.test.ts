/** A rebalance as a step: it begins, is followed, and ends; who refuses it. How it is cleaned up: rebalance-end.test.ts. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/index.ts'
import { KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { StepFailure } from '#weir/scenarios/run/endings.ts'
import { inPhase, NODE, processing, UNDER_WAY, type World, worldOf } from './rebalance-world.ts'

/** EMQX has ended, and its operator says so, once weir has seen it under way. */
const endsWhenSeen = (world: World, then: () => void) => {
  const watching = setInterval(() => {
    if (world.run.of('rebalance').length === 0) return
    clearInterval(watching)
    then()
  }, 5)
}
const completes = (world: World) => () => {
  world.underWay = []
  world.object &&= inPhase(world.object, 'Completed')
}

test('by the resource: it is created, followed to its end, and deleted; EMQX is left alone', async () => {
  const world = worldOf()
  endsWhenSeen(world, completes(world))
  assert.is(await world.rebalance(), undefined)
  assert.equal(world.log, ['create', 'delete'])
  assert.equal(world.actions(), [
    'rebalance start',
    'delete-rebalance start',
    'delete-rebalance done',
    'rebalance done',
  ])
  const seen = world.run.of('rebalance')
  assert.is(seen[0]?.outcome, 'started')
  assert.is(seen.at(-1)?.resource?.phase, 'Completed')
  assert.equal(world.run.state.rebalance?.sides, {
    donors: UNDER_WAY.donors,
    recipients: UNDER_WAY.recipients,
  })
  await world.end()
  assert.equal(world.log, ['create', 'delete'], 'the end of the run finds nothing to do')
  assert.equal(world.notes(), [])
})

test("by EMQX's API where the API server lacks the kind: nothing is left to do", async () => {
  const world = worldOf({ hasKind: false })
  endsWhenSeen(world, completes(world))
  assert.is(await world.rebalance({ by: 'auto' }), undefined)
  await world.end()
  assert.equal(world.log, [`start ${NODE}`])
  assert.equal(world.actions(), ['rebalance start', 'rebalance done'])
})

test('a poll that fails is no end: the next node is asked, and then the next time', async () => {
  let polls = 0
  const world = worldOf({
    list: (podIp) => {
      // The first two polls: nobody answers, then one of two.
      if (world.run.of('mark').length === 0) return
      polls++
      if (polls <= 2 || (polls === 3 && podIp.endsWith('9'))) throw new EmqxApiError('no answer')
    },
  })
  endsWhenSeen(world, completes(world))
  assert.is(await world.rebalance(), undefined)
  assert.ok(polls > 4)
  assert.is(world.run.of('rebalance')[0]?.via, 'emqx-ee-10')
  assert.is(world.run.of('rebalance')[0]?.outcome, 'started')
})

test('what is under way is said in numbers', async () => {
  const world = worldOf()
  const more = { connectionGoal: 80, donorConnections: 200.4 }
  world.create = (it, object) => {
    it.object = processing(object)
    it.underWay = [{ ...UNDER_WAY, ...more, recipients: ['b', 'c'] }]
  }
  await world.rebalance({}, () => world.run.state.missing !== '')
  assert.is(
    world.run.state.missing,
    'evicting_conns: 1 donor, 2 recipients, on average 200 and 80 connections',
  )
})

test('a Rebalance that somebody deletes is no end', async () => {
  const world = worldOf()
  endsWhenSeen(world, () => {
    world.object = undefined
    world.underWay = []
  })
  assert.match(String(await world.rebalance()), /somebody has deleted Rebalance default\/weir-rebalance-/)
})

test('what a killed run has left is deleted first, if it has ended', async () => {
  const world = worldOf()
  world.object = inPhase({ metadata: { name: 'weir-rebalance-emqx-ee' } }, 'Failed', 'EMQX x is not ready')
  endsWhenSeen(world, completes(world))
  assert.is(await world.rebalance(), undefined)
  assert.equal(world.log, ['delete', 'create', 'delete'])
})

test('what moves clients already is not disturbed', async () => {
  const world = worldOf({ underWay: [UNDER_WAY] })
  const error = await world.rebalance()
  assert.match(String(error), /emqx-ee@emqx-ee-0 coordinates a rebalance/)
  assert.is((error as StepFailure).refused, true)
  await world.end()
  assert.equal(world.log, [])
})

const says = (error: Error) => () => {
  throw error
}
const operatorSays = (message: string) => (world: World, object: NonNullable<World['object']>) => {
  world.object = inPhase(object, 'Failed', message)
}
/** [who refuses or fails, the world, whether nothing was written, the words] */
const BEGINNINGS: [string, Partial<World>, 'emqx' | 'resource', boolean, RegExp][] = [
  ['EMQX 5', { start: says(new EmqxApiError('HTTP 400 busy', 400)) }, 'emqx', true, /busy/],
  ['EMQX 4.4', { start: says(new EmqxApiError('HTTP 200 code 400', 200)) }, 'emqx', true, /code 400/],
  ["EMQX's user", { start: says(new EmqxApiError('HTTP 401', 401)) }, 'emqx', false, /401/],
  ['no such node', { start: says(new EmqxApiError('HTTP 404', 404)) }, 'emqx', false, /404/],
  ['no answer', { start: says(new EmqxApiError('ECONNRESET')) }, 'emqx', false, /ECONNRESET/],
  [
    'the API server',
    { create: says(new KubeApiError(403, 'Forbidden', 'not for you')) },
    'resource',
    true,
    /rebalance was refused: not for you/,
  ],
  [
    'the operator',
    { create: operatorSays('EMQX x is not ready') },
    'resource',
    true,
    /failed: EMQX x is not ready/,
  ],
]
for (const [who, more, by, refused, words] of BEGINNINGS)
  test(`refused or failed: ${who}`, async () => {
    const error = await worldOf(more).rebalance({ by })
    assert.instance(error, StepFailure)
    assert.match(String(error), words)
    assert.is((error as StepFailure).refused, refused)
    // A cluster that was scaled before is not left as it was.
    const later = worldOf(more)
    later.run.state.changed({ t: 0, pods: new Set(), sets: [] })
    const second = await later.rebalance({ by })
    assert.match(String(second), words)
    assert.is((second as StepFailure).refused, false)
  })

test('nothing to balance is no failure', async () => {
  const world = worldOf({ start: says(new EmqxApiError('HTTP 400 nothing_to_balance', 400)) })
  assert.is(await world.rebalance({ by: 'emqx' }), undefined)
  assert.is(world.run.of('rebalance')[0]?.outcome, 'nothing-to-balance')
  await world.end()
  assert.equal(world.log, [`start ${NODE}`])
})

test.run()
