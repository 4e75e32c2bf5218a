import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fleetOf, recordOf } from '#weir/record/index.ts'
import { lostPods, viewOf } from '#weir/record/view/index.ts'
import { bucketOf, timeAxis } from '#weir/reports/series/axis.ts'
import { bands, flags } from '#weir/reports/series/bands.ts'
import { connectionsPerNode } from '#weir/reports/series/connections.ts'
import { downtime } from '#weir/reports/series/downtime.ts'
import { failuresToAnswer } from '#weir/reports/series/failures.ts'
import { nodeLabels } from '#weir/reports/series/labels.ts'
import { membership } from '#weir/reports/series/membership.ts'
import { clientsOffline } from '#weir/reports/series/offline.ts'
import { permittedSlopes } from '#weir/reports/series/permitted.ts'
import { timeline } from '#weir/reports/series/timeline.ts'
import { inPods, losing } from '../../assertions/fleet-in-pods.ts'
import { smallReport } from '../small-report.ts'

const { run } = smallReport()
const axis = timeAxis(run)
const at = (seconds: number) => bucketOf(axis, seconds * 1e9)

test('the axis counts from the trigger and covers the run', () => {
  assert.is(axis.seconds[at(10)], 0)
  assert.ok(axis.seconds.at(-1)! >= 30)
})

test('connections per node add up to all connections', () => {
  const { total, perNode, unknown } = connectionsPerNode(run, axis)
  const parts = [...perNode, ...(unknown ? [unknown] : [])]
  total.forEach((count, bucket) => {
    assert.is(
      count,
      parts.reduce((sum, part) => sum + part[bucket]!, 0),
    )
  })
  assert.is(total[at(5)], 3)
  assert.is(total[at(20.5)], 0)
  assert.is(total[at(25)], 2)
})

test('a client that never came back stays offline and has no downtime', () => {
  const { counts, peak } = clientsOffline(run, axis)
  assert.is(peak, 3)
  assert.is(counts.at(-1), 1)
  const { count, open, percentiles, bins } = downtime(run)
  assert.equal([count, open], [2, 1])
  assert.is(percentiles.at(-1)!.ms, 1100)
  assert.is(
    bins.reduce((sum, bin) => sum + bin.count, 0),
    2,
  )
})

test('of a lost fleet pod only what is known is drawn', () => {
  const { record } = smallReport().run
  const lost = { type: 'fleet-pod', pod: 'b', phase: 'lost', shards: [1], of: 2, how: 'x' } as const
  const losing = (sinceS: number) =>
    viewOf({ ...record, events: [...record.events, { t: 38e9, ...lost, sinceT: sinceS * 1e9 + 1e9 }] })
  const moved = connectionsPerNode(losing(25), axis)
  assert.equal([moved.total[at(24.7)], moved.lost?.[at(24.7)]], [2, 0])
  assert.equal([moved.total[at(25.3)], moved.lost?.[at(25.3)]], [1, 1])
  assert.is(connectionsPerNode(run, axis).lost, undefined)
  // Client 1 is lost when it is offline.
  const away = losing(20.15)
  assert.is(connectionsPerNode(away, axis).total[at(25)], 1)
  assert.is(clientsOffline(away, axis).counts[at(21)], 2)
  assert.is(clientsOffline(away, axis).counts[at(22)], 1, 'client 2, which is known')
  const all = losing(20.25).record
  const bothT = {
    ...all,
    events: [...all.events, { t: 38e9, ...lost, pod: 'a', shards: [0], sinceT: 21.3e9 }],
  }
  assert.is(downtime(viewOf(bothT)).open, 0, 'nobody knows whether they are still offline')
  assert.equal(
    flags(away).filter(({ text }) => text === 'fleet pod lost'),
    [{ t: 20.15e9, kind: 'moment', text: 'fleet pod lost' }],
  )
})

test('the permitted slope ends where a fleet pod is lost', () => {
  const record = losing()
  const [{ sinceT } = { sinceT: 0 }] = lostPods(record)
  const [whole, cut] = [inPods(), record].map((one) => permittedSlopes(viewOf(one), 0))
  assert.ok(whole!.length > 1 && whole!.every(({ toCount }) => toCount === 0))
  assert.equal(
    cut!.map(({ node }) => node),
    whole!.filter(({ fromT }) => fromT < sinceT).map(({ node }) => node),
  )
  const last = cut!.at(-1)!
  assert.is(last.toT, sinceT)
  assert.ok(last.toCount > 0 && last.toCount < last.fromCount)
})

test('the Service had the old pod, then the new one', () => {
  const rows = membership(run)
  assert.equal(
    rows.map(({ pod, side, serving }) => [
      pod,
      side,
      serving.map(({ fromT, toT }) => [fromT / 1e9, toT / 1e9]),
    ]),
    [
      ['old-0', 'old', [[0, 15]]],
      ['new-0', 'new', [[15, 40]]],
    ],
  )
  assert.equal(nodeLabels(run), ['old-0', 'new-0'])
})

test('pods of a ReplicaSet are told by their side and what is random in their names', () => {
  const [old, fresh] = run.nodes
  const named = (pods: string[]) => ({
    ...run,
    nodes: [old!, fresh!].map((node, index) => ({
      ...node,
      ordinal: -1,
      set: pods[index]!.slice(0, -6),
      pod: pods[index]!,
    })),
  })
  assert.equal(nodeLabels(named(['r-77-jhtq2', 'r-86-l6j87'])), ['old-jhtq2', 'new-l6j87'])
  const [same] = run.nodes
  const twins = { ...run, nodes: [same!, { ...same!, pod: 'twin-0' }] }
  assert.equal(nodeLabels(twins), [same!.pod, 'twin-0'])
})

test('a scrape of a pod that was up counts as failed, and one of a pod that starts does not', () => {
  assert.is(failuresToAnswer(run).scrapes.length, 1)
  const starting = viewOf({
    ...run.record,
    events: run.record.events.filter(({ type }) => type !== 'listing'),
    scrapes: run.record.scrapes.filter((scrape) => scrape.pod === 'old-0' && !scrape.ok),
  })
  assert.is(failuresToAnswer(starting).scrapes.length, 0)
})

test('moments, deletions and troubles are flagged in order', () => {
  assert.equal(
    flags(run).map(({ kind, text }) => `${kind}: ${text}`),
    [
      'moment: fleet connected',
      'moment: trigger',
      'trouble: scrape of old-0 failed',
      'deleted: old-0 deleted',
      'moment: change done',
      'moment: fleet stops',
    ],
  )
  assert.equal(bands(run), [])
})

test('the timeline shows each change once', () => {
  const texts = timeline(run).map(({ text }) => text)
  assert.is(new Set(texts).size, texts.length)
  assert.ok(texts.includes('Service emqx sends clients to new-0'))
  assert.ok(texts.includes('pod old-0: gone'))
})

test('a node whose evacuation nobody saw gets its line from its first eviction', () => {
  const [slope, ...others] = permittedSlopes(run, 0)
  assert.is(others.length, 0)
  assert.is(slope!.fromCount, 3)
  assert.ok(Math.abs((slope!.toT - slope!.fromT) / 1e9 - 0.3) < 1e-6)
})

test('buckets stay within the axis for runs of any length', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), (lengthSeconds) => {
      const record = recordOf({
        fleet: fleetOf(1, [{ name: 'a', protocol: '5', persistent: false, subscribed: false }]),
        events: [{ t: lengthSeconds * 1e9, type: 'note', level: 'info', text: 'the end' }],
      })
      const made = timeAxis(viewOf(record))
      assert.ok(made.count <= 1202)
      assert.ok(bucketOf(made, lengthSeconds * 1e9) < made.count)
      assert.is(made.seconds.length, made.count)
    }),
  )
})

test.run()
