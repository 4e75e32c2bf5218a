import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CrEvent, PodEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, markT, S, saysOf, withEvents } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord) => saysOf(record, 'status-truth')
const told = base.events.filter((event): event is CrEvent => event.type === 'cr')
const settled = told.at(-1)!
const gone = base.events.findLast((event): event is PodEvent => event.type === 'pod' && event.deleted)!
const evacuating = told.find(({ evacuations }) => evacuations.length > 0)!

/** The resource says that it is settled so many seconds after the last old pod is gone, or never. */
function settledLate(seconds: number | undefined): RunRecord {
  return changed(base, (event) => {
    if (event.type === 'mark' && event.name === 'upgrade-done' && seconds === undefined) return undefined
    if (event.type !== 'cr' || event.t !== settled.t) return event
    return seconds === undefined ? undefined : { ...event, t: gone.t + seconds * S }
  })
}

test('the honest run says it in time, and not before', () => assert.is(says(base).outcome, 'pass'))

test('L + 5 seconds late is late enough', () => {
  assert.is(says(settledLate(24.9)).outcome, 'pass')
  const { outcome, sentence } = says(settledLate(25.5))
  assert.is(outcome, 'fail')
  assert.match(sentence, /only 25\.5 s after the last old pod was gone/)
})

test('a resource that never says so fails when the record is long enough to tell', () => {
  assert.is(says(settledLate(undefined)).outcome, 'fail')
  const short = settledLate(undefined)
  short.manifest = {
    ...short.manifest,
    parameters: { ...short.manifest.parameters!, pollIntervalSeconds: 60 },
  }
  assert.is(says(short).outcome, 'inconclusive')
})

test('settled in the middle of an evacuation fails, with the nodes that were still full', () => {
  const early = withEvents(base, {
    ...evacuating,
    t: evacuating.t + 2 * S,
    settled: true,
    updating: false,
    evacuations: [],
  })
  const { outcome, sentence } = says(early)
  assert.is(outcome, 'fail')
  assert.match(
    sentence,
    /The resource reported that it was settled .* while .* clients still had to be moved/,
  )
})

test('what it said before it had looked is no lie, unless it goes on saying it', () => {
  const trigger = markT(base, 'trigger')
  const mute = changed(base, (event) =>
    event.type === 'cr' && event.t > trigger && event.t < settled.t ? undefined : event,
  )
  assert.is(says(mute).outcome, 'fail')
})

test('a resource that reports settled throughout a move that is shorter than its status may be late proves nothing', () => {
  const trigger = markT(base, 'trigger')
  const mute = changed(base, (event) =>
    event.type === 'cr' && event.t > trigger && event.t < settled.t ? undefined : event,
  )
  const slow = { ...mute.manifest.parameters!, pollIntervalSeconds: 300 }
  const { outcome, sentence } = says({ ...mute, manifest: { ...mute.manifest, parameters: slow } })
  assert.is(outcome, 'inconclusive')
  assert.match(sentence, /reported throughout a short move that it was settled/)
})

test('a count that was not true at any time since the last look fails', () => {
  const liar = changed(base, (event) => {
    if (event.type !== 'cr' || event.evacuations.length === 0) return event
    return {
      ...event,
      evacuations: event.evacuations.map((one) => ({ ...one, currentConnected: one.currentConnected + 500 })),
    }
  })
  assert.is(says(liar).outcome, 'fail')
  assert.match(says(liar).sentence, /; EMQX counted/)
})

test('a lost watch leaves it open', () => {
  const gap = {
    t: gone.t + 2 * S,
    type: 'watch-gap',
    kind: 'EmqxEnterprise',
    fromT: settled.t - S,
    reason: 'reset',
  } as const
  assert.is(says(withEvents(base, gap)).outcome, 'inconclusive')
})

test.run()
