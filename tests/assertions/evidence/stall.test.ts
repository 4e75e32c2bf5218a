import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { worstStall } from '#weir/assertions/evidence/stall.ts'
import type { OwnProcess, ProcessHealth } from '#weir/facts/index.ts'
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

test.run()
