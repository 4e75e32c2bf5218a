import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pathStalls } from '#weir/assertions/evidence/path-stall.ts'
import { worstStall } from '#weir/assertions/evidence/stall.ts'
import type { OwnProcess, PingHealth, ProcessHealth, RecordEvent } from '#weir/facts/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { changed, honestRun, S } from '../checks/honest-run.ts'

const loop = (process: OwnProcess, ms: number): ProcessHealth => ({
  ...{ process, watchedMs: 1000, lateMs: ms, loopDelayP99Ms: ms, loopDelayMaxMs: ms },
})

/** An honest run whose only health sample is at `t`, of these processes. */
const sampledAt = (t: number, processes: ProcessHealth[]) => {
  let isFirst = true
  const record = changed(honestRun(), (event) => {
    if (event.type !== 'health') return event
    if (!isFirst) return undefined
    isFirst = false
    return { ...event, t, loopDelayMaxMs: 5, processes }
  })
  return viewOf(record)
}

test('the worst of all processes counts', () => {
  for (const process of ['harness', 'generator', 'embedded cluster'] as const) {
    const run = sampledAt(50 * S, [loop('harness', 1), loop(process, 1900)])
    assert.is(worstStall(run, 49 * S, 51 * S), 1.9 * S, process)
  }
  assert.is(worstStall(sampledAt(50 * S, []), 49 * S, 51 * S), 0.005 * S, 'an older record')
})

test('what a stall held back comes right after it: a stall that was over before counts for a while', () => {
  const run = sampledAt(50 * S, [loop('harness', 1900)])
  assert.is(worstStall(run, 50.1 * S, 51 * S), 1.9 * S)
  assert.is(worstStall(run, 54 * S, 55 * S), 0)
})

/** An honest run whose health samples have pings, and whose probe tries, as `pings` and `probe` say. */
const pinged = (
  pings: (t: number) => PingHealth | undefined,
  probe: (t: number) => { ok: boolean; tookNs: number } = () => ({ ok: true, tookNs: 5e6 }),
) =>
  viewOf(
    changed(honestRun(), (event): RecordEvent => {
      if (event.type === 'health') return { ...event, pings: pings(event.t) }
      return event.type === 'probe' ? { ...event, ...probe(event.t) } : event
    }),
  )

const quick = { answered: 20, quickestMs: 1, slowestMs: 4 }
const isIn = (t: number) => t > 60 * S && t < 70 * S
const held = (t: number) =>
  isIn(t) ? undefined : t < 60 * S || t > 71 * S ? quick : { ...quick, slowestMs: 9500 }
const lost = (t: number) => (isIn(t) ? { ok: false, tookNs: 5 * S } : { ok: true, tookNs: 5e6 })

test('pings that were answered late by all nodes show that the path of the clients stood still', () => {
  const [stall, ...more] = pathStalls(pinged(held, lost))
  assert.is(more.length, 0)
  assert.ok(stall!.fromT > 58 * S && stall!.fromT <= 60 * S && stall!.toT >= 70 * S && stall!.toT <= 71 * S)
  assert.ok(worstStall(pinged(held, lost), 65 * S, 72 * S) >= 10 * S)
})

test('a probe that got through, or pings that others answered, show that it did not', () => {
  assert.equal(pathStalls(pinged(held)), [])
  assert.equal(pathStalls(pinged((t) => (isIn(t) ? { ...quick, slowestMs: 9500 } : quick), lost)), [])
})

test('a Service that answers nobody is no stall of the path, with pings or in an older record', () => {
  assert.equal(pathStalls(pinged(() => quick, lost)), [])
  assert.equal(pathStalls(pinged(() => undefined, lost)), [])
})

test.run()
