import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge, serializeVerdict } from '#weir/assertions/index.ts'
import { FIGURE_IDS, type FigureId } from '#weir/facts/index.ts'
import { quickened, settingsOf, simulate } from '../../simulator/index.ts'
import { changed, emqx5Run } from '../checks/honest-run.ts'

const simulated = emqx5Run()
const latency = { count: 10, p50Ms: 1, p90Ms: 2, p99Ms: 3, p999Ms: 4, maxMs: 5 }
const record = {
  ...simulated,
  messages: {
    ...simulated.messages!,
    latencies: [
      { ...latency, of: 'ack' as const, qos: 1 as const },
      { ...latency, of: 'delivery' as const, qos: 1 as const, p99Ms: 40 },
      { ...latency, of: 'delivery' as const, qos: 0 as const, p99Ms: 20 },
    ],
  },
}
const verdict = judge(record)
const figureOf = (id: FigureId, of = verdict) => of.figures[id].value

test('an honest run with messages, sessions and a probe shows every figure', () => {
  assert.equal(
    FIGURE_IDS.filter((id) => figureOf(id) === null),
    [],
  )
})

test('the time of messages is that of the slowest quality of service, in seconds', () => {
  assert.is(figureOf('deliveryP99'), 0.04)
  assert.is(figureOf('acknowledgeP99'), 0.003)
})

test('a figure is on the right side of its bound where the assertion holds, and beyond it where it fails', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const { findings, figures } = judge(simulate(quickened(settingsOf(seed))))
    const isHeld = (id: string) => findings.find((finding) => finding.id === id)?.outcome === 'pass'
    if (isHeld('downtime')) assert.ok(figures.downtimeMax.margin! >= 0)
    if (isHeld('no-storm')) assert.ok(figures.attemptsBurst.margin! >= 0)
    if (isHeld('eviction-floor')) assert.ok(figures.slowestDrain.margin! >= 0)
  }
  const { figures } = judge(record, { asserts: [{ id: 'no-storm', bounds: { ticks: 0, slack: 0 } }] })
  assert.ok(figures.attemptsBurst.margin! < 0)
  assert.is(figures.attemptsBurst.bound! - figures.attemptsBurst.value!, figures.attemptsBurst.margin)
})

test('what the scenario does not ask for has its value and no bound', () => {
  const alone = judge(record, { asserts: [{ id: 'no-storm' }] })
  for (const id of FIGURE_IDS) assert.is(figureOf(id, alone), figureOf(id), id)
  assert.is(alone.figures.downtimeMax.bound, undefined)
  assert.is.not(alone.figures.attemptsBurst.bound, undefined)
})

test('what the record does not show is null, never 0', () => {
  const silent = judge(changed(record, (event) => (event.type === 'probe' ? undefined : event)))
  assert.is(figureOf('probeGap', silent), null)
  const { messages: _, ...rest } = record
  const { figures } = judge(rest)
  for (const id of ['messagesLost', 'messagesDuplicated', 'deliveryP99', 'acknowledgeP99'] as const)
    assert.is(figures[id].value, null, id)
})

test('the block is the same to the byte, and names no figure twice', () => {
  const text = serializeVerdict(judge(record))
  assert.is(text, serializeVerdict(verdict))
  assert.equal(Object.keys(JSON.parse(text).figures), FIGURE_IDS)
})

test.run()
