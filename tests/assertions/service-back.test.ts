/** The Service leads back to the old nodes while a new one is missing: what operators 2.1.0 to 2.1.2 do. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { serviceBack } from '#weir/assertions/deviations/service-back.ts'
import { isNewSet, newPods, oldPods } from '#weir/assertions/evidence/new-set.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { honestRun, S, withEvents } from './checks/honest-run.ts'

const base = honestRun()
const parameters = base.manifest.parameters!
base.manifest.parameters = { ...parameters, dialect: { ...parameters.dialect, operator: '2.1.2' } }
const run = viewOf(base)
const switched = run.of('endpoints').find((event) => isNewSet(run, event))!
const [fresh, old] = [newPods(run)[0]!, [...oldPods(run)]]
const BACK = switched.t + 5 * S

const back: RecordEvent = { ...switched, t: BACK, ready: old }
const unready = (t: number) => {
  const pod = base.events.findLast((event) => event.type === 'pod' && event.name === fresh)
  return { ...(pod as Extract<RecordEvent, { type: 'pod' }>), t, ready: false }
}
const shows = (...events: RecordEvent[]) => serviceBack.shows(viewOf(withEvents(base, ...events)))

test('it goes back in one go, or by way of a part of the new set, and the pod is seen unready before or after', () => {
  assert.is(shows(unready(BACK - 0.1 * S), back), true)
  assert.is(shows(back, unready(BACK + 0.5 * S)), true)
  const part: RecordEvent = { ...switched, t: BACK - 0.1 * S, ready: newPods(run).slice(1) }
  assert.is(shows(unready(BACK - 0.2 * S), part, back), true)
  const whole: RecordEvent = { ...switched, t: BACK - 0.1 * S }
  assert.is(shows(unready(BACK - 0.3 * S), whole, back), true)
})

test('a second update later has a new set of its own', () => {
  const t = BACK + 2 * S
  const later = base.events.findLast((event) => event.type === 'set' && fresh.startsWith(event.name))
  const set = 'emqx-ee-later'
  const ofLater: RecordEvent[] = [
    {
      ...(later as Extract<RecordEvent, { type: 'set' }>),
      t,
      name: set,
      createdUnixMs: Number.MAX_SAFE_INTEGER,
    },
    { ...unready(t), set, name: `${set}-0`, node: `emqx-ee@${set}-0`, uid: 'later', ready: true },
  ]
  assert.equal(newPods(viewOf(withEvents(base, ...ofLater))), [`${set}-0`])
  assert.is(shows(unready(BACK - 0.1 * S), back, ...ofLater), true)
})

test('while every new pod is ready, and without a way back, it is not it', () => {
  assert.is(shows(back), false)
  assert.is(shows(unready(BACK - 0.1 * S)), false)
  assert.is(shows(back, unready(BACK + 2 * S)), false)
})

test.run()
