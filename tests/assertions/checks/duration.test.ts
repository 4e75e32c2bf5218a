import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { mutantOf, quickMutantOf, simulate } from '../../simulator/index.ts'
import { changed, honestRun, markT, S, saysOf } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord, bounds?: Record<string, number>) => saysOf(record, 'duration', bounds)
const figure = (name: string, record = base) => Number(says(record).figures[name])

test('the limits of docs/contract/upgrade.md#duration, by hand', () => {
  // D 5 + L 20 + two nodes of [2 + (⌈c/10⌉ + 1)/0.4 + W 5 + 2 + (c/10 + 1)/0.4 + 2 L 40 + 30] + L 20 + 5, c1 + c2 = 200.
  const least = 5 + 20 + 2 * (2 + 5 + 2 + 40 + 30) + (2 * 20 + 4) / 0.4 + 20 + 5
  const moving = figure('movingLimitSeconds')
  assert.ok(moving >= least && moving <= least + 4 / 0.4, `${moving}, at least ${least}`)
  assert.is(figure('newSetLimitSeconds'), 300)
  const rolled = honestRun()
  rolled.events = rolled.events.map((event) =>
    event.type === 'pod' ? { ...event, role: event.name.endsWith('0') ? 'core' : 'replicant' } : event,
  )
  assert.is(figure('newSetLimitSeconds', rolled), 600, 'cores first, then replicants')
})

test('a wait of 0 counts as 60 seconds', () => {
  const record = honestRun()
  record.manifest.parameters!.waitTakeoverSeconds = 0
  assert.is(Math.round(figure('movingLimitSeconds', record) - figure('movingLimitSeconds')), 2 * 55)
})

test('done in time passes, done late fails, not done in time fails, not done yet is open', () => {
  assert.is(says(base).outcome, 'pass')
  const tight = { newSetSeconds: 0 }
  assert.is(says(base, tight).outcome, 'fail')
  const undone = changed(base, (event) =>
    event.type === 'mark' && event.name === 'upgrade-done' ? undefined : event,
  )
  assert.is(says(undone).outcome, 'inconclusive')
  assert.match(says(undone).settle ?? '', /until the upgrade is done/)
  assert.is(says(undone, tight).outcome, 'fail')
})

/** The run with everything from `fromT` on `lateNs` later. */
function later(fromT: number, lateNs: number): RunRecord {
  const shift = (t: number) => (t >= fromT ? t + lateNs : t)
  const { clients, manifest } = base
  return {
    ...changed(base, (event) => ({ ...event, t: shift(event.t) })),
    clients: { ...clients, t: clients.t.map(shift) },
    scrapes: base.scrapes.map((scrape) => ({ ...scrape, t: shift(scrape.t) })),
    manifest: { ...manifest, end: { ...manifest.end!, t: shift(manifest.end!.t) } },
  }
}

const servesT = base.events.findLast(
  (event) => event.type === 'endpoints' && event.t < markT(base, 'upgrade-done'),
)!.t

test('start and move have a limit each: a quick start leaves its time to nobody', () => {
  const slack = figure('movingLimitSeconds') - figure('movingSeconds')
  assert.is(says(later(servesT + S, (slack - 5) * S)).outcome, 'pass')
  const slow = says(later(servesT + S, (slack + 5) * S))
  assert.is(slow.outcome, 'fail', slow.sentence)
  assert.match(slow.sentence, /: the move to it took \d+ s of the \d+ s allowed/)
  const start = says(later(markT(base, 'trigger') + 1, 400 * S))
  assert.is(start.outcome, 'fail', start.sentence)
  assert.match(start.sentence, /: the start of the new set took 4\d\d s of the 300 s allowed/)
})

test('a change that is corrected starts again; one that is taken back has no duration', () => {
  const trigger = markT(base, 'trigger')
  const asked = (versions: [fromT: number, generation: number, version: string][]) => (record: RunRecord) =>
    changed(record, (event): RecordEvent => {
      if (event.type !== 'cr') return event
      const [, generation = 1, version = '4.4.14'] = versions.findLast(([fromT]) => fromT <= event.t) ?? []
      return { ...event, generation, version }
    })
  const late = later(trigger + S, 400 * S)
  const [wrong] = late.events.filter((event) => event.type === 'cr')
  const seen = { ...wrong!, t: trigger + 2 * S }
  const withWrong = { ...late, events: [...late.events, seen].sort((a, b) => a.t - b.t) }
  const correction = trigger + 350 * S
  const corrected = asked([
    [trigger, 2, '4.4.99'],
    [correction, 3, '4.4.15'],
  ])
  assert.is(says(late).outcome, 'fail')
  assert.is(says(corrected(withWrong)).outcome, 'pass', says(corrected(withWrong)).sentence)
  const undone = changed(base, (event) =>
    event.type === 'mark' && event.name === 'upgrade-done' ? undefined : event,
  )
  const back = asked([
    [trigger, 2, '4.4.15'],
    [trigger + 20 * S, 3, '4.4.14'],
  ])
  assert.match(says(back(undone)).sentence, /taken back/)
})

test('a node that hangs is named, with its state, even when the run gave up long before the whole is late', () => {
  const stuck = saysOf(simulate(quickMutantOf(1, 'evacuation-stuck')), 'duration')
  assert.is(stuck.outcome, 'fail')
  assert.match(
    stuck.sentence,
    /The evacuation of \S+-2 took at least 1\d\d s.* last seen in evicting_sessions/,
  )
  assert.is(saysOf(simulate(mutantOf(1, 'evacuation-stuck')), 'duration').outcome, 'fail')
})

test('no change, no duration', () => {
  const unmarked = changed(base, (event) =>
    event.type === 'mark' && event.name === 'trigger' ? undefined : event,
  )
  assert.is(says(unmarked).outcome, 'inconclusive')
  assert.ok(markT(base, 'trigger') > S)
})

test.run()
