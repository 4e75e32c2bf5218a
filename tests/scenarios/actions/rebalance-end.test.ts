/** A run that ends while EMQX rebalances, in any state of EMQX and the operator: donors take clients again, and nothing is left. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/index.ts'
import { KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { cr } from '../fake-run.ts'
import { inPhase, NODE, notFound, UNDER_WAY, worldOf } from './rebalance-world.ts'

/** No part of the end of a run may take longer (scenarios/run/close.ts). */
const PART_SECONDS = 30

const seen = (world: ReturnType<typeof worldOf>) => () => world.run.of('rebalance').length > 0

test('EMQX is stopped, and audited so, before the resource is deleted', async () => {
  const world = worldOf()
  assert.match(String(await world.rebalance({}, seen(world))), /interrupted/)
  assert.ok((await world.end()) < PART_SECONDS)
  assert.equal(world.log, ['create', `stop ${NODE}`, 'delete'])
  assert.equal(world.actions().slice(2), [
    'stop-rebalance start',
    'stop-rebalance done',
    'delete-rebalance start',
    'delete-rebalance done',
  ])
  assert.equal(world.notes(), [])
})

test('EMQX goes on with what its operator calls failed: it is stopped all the same, and the cluster then is ready', async () => {
  const world = worldOf()
  await world.rebalance({}, () => {
    if (seen(world)() && world.object?.status?.phase === 'Processing') {
      world.object = inPhase(world.object, 'Failed', 'EMQX x is not ready')
      world.run.observe(cr(false))
    }
    return world.run.of('rebalance').some(({ resource }) => resource?.phase === 'Failed')
  })
  world.stop = (it) => {
    it.underWay = []
    setTimeout(() => {
      it.log.push('ready')
      it.run.observe(cr(true))
    }, 50)
  }
  assert.ok((await world.end()) < PART_SECONDS)
  assert.equal(world.log, ['create', `stop ${NODE}`, 'ready', 'delete'])
  assert.is(world.object, undefined)
})

test('a Rebalance that its operator has not looked at is deleted after its first look', async () => {
  const world = worldOf({
    create(it, object) {
      it.object = inPhase(object, 'Processing')
      it.underWay = [UNDER_WAY]
    },
    stop(it) {
      it.underWay = []
      setTimeout(() => {
        it.log.push('look')
        it.object &&= inPhase(it.object, 'Completed')
      }, 50)
    },
  })
  await world.rebalance({}, seen(world))
  assert.ok((await world.end()) < PART_SECONDS)
  assert.equal(world.log, ['create', `stop ${NODE}`, 'look', 'delete'])
})

test('one that is never looked at stays, and the user must know', async () => {
  const world = worldOf({
    create(it, object) {
      it.object = inPhase(object, 'Processing')
      it.underWay = [UNDER_WAY]
    },
  })
  await world.rebalance({}, seen(world))
  const seconds = await world.end()
  assert.ok(seconds > 6 && seconds < PART_SECONDS, `${seconds} s`)
  assert.equal(world.log, ['create', `stop ${NODE}`])
  assert.match(
    world.notes()[0] ?? '',
    /^Rebalance default\/weir-rebalance-emqx-ee may be left: delete it when EmqxEnterprise emqx-ee is ready \(its operator has not looked/,
  )
})

test('its operator would not let go of one in a cluster that does not get ready: it stays', async () => {
  const world = worldOf()
  await world.rebalance({}, seen(world))
  world.run.observe(cr(false))
  assert.ok((await world.end()) < PART_SECONDS)
  assert.equal(world.log, ['create', `stop ${NODE}`])
  assert.match(world.notes()[0] ?? '', /may be left: .* \(EmqxEnterprise emqx-ee is not ready\)$/)
})

test('where EMQX cannot be asked its operator is left to stop it, and the user must know', async () => {
  const world = worldOf()
  await world.rebalance({}, seen(world))
  world.run.observe(cr(false))
  world.list = () => {
    throw new EmqxApiError('ECONNREFUSED')
  }
  assert.ok((await world.end()) < PART_SECONDS)
  assert.equal(world.log, ['create', 'delete'])
  assert.match(world.notes()[0] ?? '', /^Donors may still refuse clients: .*NODE\/stop \(ECONNREFUSED\)$/)
})

test('a resource that no operator has seen is deleted at once', async () => {
  const world = worldOf({
    create(it, object) {
      it.object = object
    },
  })
  const starting = world.rebalance({}, () => world.log.includes('create'))
  while (world.object === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
  world.run.observe(cr(false))
  assert.ok((await world.end()) < 5)
  assert.equal(world.log, ['create', 'delete'])
  assert.match(String(await starting), /was deleted before its operator began/)
})

test('an answer that was lost: what it may have begun is stopped, what it may have made is deleted', async () => {
  const byEmqx = worldOf({
    start(it) {
      it.underWay = [UNDER_WAY]
      throw new EmqxApiError('no answer within 20000 ms')
    },
  })
  assert.match(String(await byEmqx.rebalance({ by: 'emqx' })), /no answer/)
  await byEmqx.end()
  assert.equal(byEmqx.log, [`start ${NODE}`, `stop ${NODE}`])
  const byResource = worldOf({
    create(it, object) {
      it.object = object
      throw new Error('socket hang up')
    },
  })
  assert.match(String(await byResource.rebalance()), /socket hang up/)
  await byResource.end()
  assert.equal(byResource.log, ['create', 'delete'])
  const neither = worldOf({
    create() {
      throw new Error('socket hang up')
    },
  })
  await neither.rebalance()
  await neither.end()
  assert.equal(neither.log, ['create'], 'there is none')
  assert.equal([...byEmqx.notes(), ...byResource.notes(), ...neither.notes()], [])
})

test("what somebody else has begun in the same moment is not weir's to stop", async () => {
  const byEmqx = worldOf({
    start(it) {
      it.underWay = [UNDER_WAY]
      throw new EmqxApiError('HTTP 400 already_started', 400)
    },
  })
  await byEmqx.rebalance({ by: 'emqx' })
  await byEmqx.end()
  assert.equal(byEmqx.log, [`start ${NODE}`])
  const byResource = worldOf({
    create(it, object) {
      it.object = inPhase(object, 'Processing')
      it.underWay = [UNDER_WAY]
      throw new KubeApiError(409, 'AlreadyExists', 'it is there')
    },
  })
  await byResource.rebalance()
  await byResource.end()
  assert.equal(byResource.log, ['create'])
  const byOperator = worldOf({
    create(it, object) {
      it.underWay = [UNDER_WAY]
      it.object = inPhase(object, 'Failed', 'Failed to start rebalance: already_started')
    },
  })
  await byOperator.rebalance()
  await byOperator.end()
  assert.equal(byOperator.log, ['create', 'delete'])
})

test('what has ended in between is no failure', async () => {
  const world = worldOf({
    stop(it) {
      it.underWay = []
      throw new EmqxApiError('HTTP 400 not_started', 400)
    },
    deleted(it) {
      it.object = undefined
      throw notFound()
    },
  })
  await world.rebalance({}, seen(world))
  await world.end()
  assert.equal(world.log, ['create', `stop ${NODE}`, 'delete'])
  assert.is(world.run.of('action')[3]?.detail, 'the rebalance had ended by itself')
  assert.equal(world.notes(), [])
})

test.run()
