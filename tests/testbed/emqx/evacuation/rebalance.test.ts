import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rebalance } from '#weir/testbed/emqx/evacuation/rebalance.ts'
import { readRebalance4, readRebalance5 } from '#weir/testbed/emqx/evacuation/rebalance-options.ts'
import type { Partner } from '#weir/testbed/emqx/evacuation/rebalance-partner.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { VirtualClock } from '../../runtime/virtual-clock.ts'

/** Nodes of numbers: clients that are evicted connect at once to the node that has fewest. */
function cluster(counts: readonly number[], away: readonly number[] = counts.map(() => 0)) {
  const clock = new VirtualClock()
  const startMs = clock.now()
  const bursts: { atMs: number; node: string; count: number }[] = []
  const nodes = counts.map((live, i) => ({ live, away: away[i]!, isServed: false }))
  const partners: Partner[] = nodes.map((node, i) => ({
    name: `n${i}`,
    liveConnections: () => node.live,
    sessions: () => node.live + node.away,
    disconnectedSessions: () => node.away,
    isBusy: () => node.isServed,
    serve() {
      node.isServed = true
    },
    release() {
      node.isServed = false
    },
    evictConnections(rate, done) {
      const count = Math.min(rate, node.live)
      node.live -= count
      bursts.push({ atMs: clock.now() - startMs, node: `n${i}`, count })
      for (let one = 0; one < count; one++) {
        const fewest = Math.min(...nodes.filter(({ isServed }) => !isServed).map(({ live }) => live))
        nodes.find(({ live, isServed }) => !isServed && live === fewest)!.live++
      }
      done()
    },
    evictSessions(count, recipients) {
      const moved = Math.min(count, node.away)
      node.away -= moved
      nodes[Number(recipients[0]!.slice(1))]!.away += moved
    },
  }))
  return { clock, nodes, partners, bursts }
}

const options = (body: object) => {
  const checked = readRebalance4(body, () => true, true)
  if ('error' in checked) throw new Error(checked.error)
  return checked.options
}

const QUICK = { conn_evict_rate: 10, abs_conn_threshold: 10, rel_conn_threshold: 1.01, wait_takeover: 1 }

const rebalanceOn = (clock: VirtualClock, faults: string[] = []) =>
  new Rebalance('n0', clock, makeFaults(faults).emqx())

test('nodes with at least the mean give, each at the rate once a second, until the means are within the threshold', () => {
  const { clock, nodes, partners, bursts } = cluster([100, 100, 100, 0, 0])
  const rebalance = rebalanceOn(clock)
  assert.is(rebalance.start(options({ ...QUICK, wait_health_check: 5 }), partners), 'ok')
  assert.equal(
    [rebalance.donors, rebalance.recipients],
    [
      ['n0', 'n1', 'n2'],
      ['n3', 'n4'],
    ],
  )
  assert.is(rebalance.state, 'wait_health_check')
  clock.jump(4999)
  assert.is(bursts.length, 0)
  clock.jump(3002)
  assert.equal(bursts.map(({ atMs, node, count }) => [atMs, node, count]).slice(0, 6), [
    [5000, 'n0', 10],
    [5000, 'n1', 10],
    [5000, 'n2', 10],
    [6000, 'n0', 10],
    [6000, 'n1', 10],
    [6000, 'n2', 10],
  ])
  assert.is(rebalance.connections?.donors, 70)
  assert.is(rebalance.connections?.recipients, 45)
  // 60 and 60 at the next tick.
  clock.jump(1000)
  assert.is(rebalance.state, 'wait_takeover')
  assert.equal(
    nodes.map(({ live }) => live),
    [60, 60, 60, 60, 60],
  )
  clock.jump(1000)
  assert.is(rebalance.state, 'disabled')
  assert.ok(nodes.every(({ isServed }) => !isServed))
})

test('a donor at or below the mean of the recipients evicts nobody', () => {
  const { clock, partners, bursts } = cluster([300, 100, 90])
  const rebalance = rebalanceOn(clock)
  rebalance.start(options({ ...QUICK, wait_health_check: 1 }), partners)
  assert.equal(rebalance.donors, ['n0'])
  clock.jump(60_000)
  assert.is(rebalance.state, 'disabled')
  assert.ok(bursts.every(({ node }) => node === 'n0'))
})

test('either threshold suffices: balanced clusters have nothing to balance', () => {
  const start = (counts: number[], body: object = {}) => {
    const { clock, partners } = cluster(counts)
    return rebalanceOn(clock).start(options(body), partners)
  }
  // The default of 1000 connections is more than a small cluster has.
  assert.is(start([100, 100, 0]), 'nothing_to_balance')
  assert.is(start([100, 100, 0], { abs_conn_threshold: 10 }), 'ok')
  assert.is(start([100, 90, 90], { abs_conn_threshold: 10 }), 'nothing_to_balance')
  assert.is(start([1000, 950, 940], { abs_conn_threshold: 10 }), 'nothing_to_balance')
  assert.is(start([1000, 950, 940], { abs_conn_threshold: 10, rel_conn_threshold: 1.01 }), 'ok')
  // All alike: all are donors.
  assert.is(start([50, 50, 50], { abs_conn_threshold: 1 }), 'nothing_to_balance')
})

test('sessions alone may be what is out of balance; those without a client are moved', () => {
  const { clock, nodes, partners, bursts } = cluster([50, 49], [40, 0])
  const rebalance = rebalanceOn(clock)
  const body = { ...QUICK, wait_health_check: 1, sess_evict_rate: 15, abs_sess_threshold: 10 }
  assert.is(rebalance.start(options(body), partners), 'ok')
  clock.jump(2000)
  assert.is(rebalance.state, 'evicting_sessions')
  assert.equal(rebalance.disconnected, { donors: 40, recipients: 0 })
  clock.jump(1000)
  assert.is(rebalance.state, 'disabled')
  assert.is(bursts.length, 0)
  assert.equal(
    nodes.map(({ away }) => away),
    [25, 15],
  )
})

test('one at a time; stop frees the donors at once, and the donor of another is busy', () => {
  const { clock, nodes, partners, bursts } = cluster([100, 0])
  const rebalance = rebalanceOn(clock)
  assert.is(rebalance.stop(), 'not_started')
  rebalance.start(options({ ...QUICK, wait_health_check: 1 }), partners)
  assert.is(rebalance.start(options(QUICK), partners), 'already_started')
  assert.is(rebalanceOn(clock).start(options(QUICK), partners), 'eviction_agent_busy')
  clock.jump(1500)
  assert.is(rebalance.stop(), 'ok')
  clock.jump(60_000)
  assert.is(bursts.length, 1)
  assert.equal([nodes[0]?.isServed, rebalance.state], [false, 'disabled'])
})

test('releases that do not admit while they wait refuse from the start', () => {
  const { clock, partners } = cluster([100, 0])
  const refusesAt = (admits: boolean) => {
    const rebalance = rebalanceOn(clock)
    const checked = readRebalance4({ ...QUICK, wait_health_check: 5 }, () => true, admits)
    if ('error' in checked) throw new Error(checked.error)
    rebalance.start(checked.options, partners)
    const seen = [rebalance.refuses]
    clock.jump(5000)
    seen.push(rebalance.refuses)
    rebalance.stop()
    return [...seen, rebalance.refuses]
  }
  assert.equal(refusesAt(true), [false, true, false])
  assert.equal(refusesAt(false), [true, true, false])
})

test('bodies: what 4.4 refuses, and in which words', () => {
  const error = (body: unknown) => {
    const checked = readRebalance4(body, (node) => node === 'a@b', false)
    return 'error' in checked ? checked.error : undefined
  }
  assert.is(error({ conn_evict_rate: 0 }), 'invalid conn_evict_rate value')
  assert.is(error({ wait_health_check: 0 }), 'invalid wait_health_check value')
  assert.is(error({ abs_conn_threshold: 1.5 }), 'invalid abs_conn_threshold value')
  assert.is(error({ rel_conn_threshold: 1 }), 'invalid rel_conn_threshold value')
  assert.is(error({ rel_sess_threshold: '1.1' }), 'invalid rel_sess_threshold value')
  assert.is(error({ nodes: [] }), 'invalid nodes value')
  assert.is(error({ nodes: ['a@b', 'x@y'] }), "unavailable nodes in nodes: ['x@y']")
  assert.is(error({ migrate_to: ['a@b'] }), 'Unknown rebalance param: migrate_to')
  assert.is(error({ nodes: ['a@b'], rel_conn_threshold: 1.01 }), undefined)
})

test('bodies: 5 takes durations and waits of 0, and knows members that are not available', () => {
  const nodes = { isKnown: (name: string) => name !== 'x@y', isAvailable: (name: string) => name === 'a@b' }
  const read = (body: unknown) => readRebalance5(body, nodes)
  const taken = read({
    wait_takeover: '1m',
    wait_health_check: 0,
    rel_sess_threshold: 1.5,
    abs_sess_threshold: 3,
  })
  assert.ok('options' in taken)
  if (!('options' in taken)) return
  const { waitTakeoverSeconds, waitHealthCheckSeconds, sessions, connections } = taken.options
  assert.equal([waitTakeoverSeconds, waitHealthCheckSeconds], [60, 0])
  assert.equal(
    [sessions, connections],
    [
      { absolute: 3, relative: 1.5 },
      { absolute: 1000, relative: 1.1 },
    ],
  )
  assert.equal(read({ nodes: ['x@y'] }), { code: 'BAD_REQUEST', message: 'Invalid nodes: [<<"x@y">>]' })
  assert.equal(read({ nodes: ['c@d'] }), { code: 'NOT_FOUND', message: "Nodes unavailable: ['c@d']" })
  for (const body of [{ conn_evict_rate: '10' }, { rel_conn_threshold: 1 }, { wait_takeover: -1 }, { x: 1 }])
    assert.is((read(body) as { code: string }).code, 'BAD_REQUEST', JSON.stringify(body))
})

test.run()
