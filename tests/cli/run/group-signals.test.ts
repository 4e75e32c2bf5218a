/** A signal to the whole process group in each phase of a run, in processes of its own. */
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clear, endedBy, failures, toGroup, verdictOf } from './ended-by.ts'

test.after(clear)

/** Phases by the progress line that begins each, and how long after it the signal comes. */
const PHASES: [phase: string, words: string, afterMs: number][] = [
  ['cluster-ready', '  cluster-ready  ', 0],
  ['start-fleet', '  start-fleet  ', 0],
  ['fleet-connected', '  fleet-connected  ', 0],
  ['hold before the change', '  hold  ', 500],
  ['upgraded', '  upgraded  ', 3000],
]

/** Side by side, for most of a run is waiting. */
const ended = PHASES.map(async ([phase, words, afterMs]) => {
  const signalled = Promise.withResolvers<number>()
  const act = (child: ChildProcess) =>
    void setTimeout(() => {
      toGroup('SIGTERM')(child)
      signalled.resolve(Date.now())
    }, afterMs)
  const end = await endedBy(phase.replaceAll(' ', '-'), words, act)
  return { ...end, signalledMs: await signalled.promise }
})

interface StepEvent {
  index: number
  name: string
  phase: string
  t: number
}

/** A step that has nothing to wait for is over within one turn of the event loop, in which no signal is heard. */
const AT_ONCE_NS = 20e6

/** Names of the steps that a run began after a moment of this machine's clock, without those that were over at once. */
function stepsAfter(dir: string, anchorUnixMs: number, unixMs: number): string[] {
  const steps = readFileSync(join(dir, 'events.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"step"'))
    .map((line) => JSON.parse(line) as StepEvent)
  const isAtOnce = ({ index, t }: StepEvent) =>
    steps.some((one) => one.index === index && one.phase === 'done' && one.t - t < AT_ONCE_NS)
  return steps
    .filter((step) => step.phase === 'start' && anchorUnixMs + step.t / 1e6 > unixMs && !isAtOnce(step))
    .map(({ name }) => name)
}

for (const [index, [phase]] of PHASES.entries())
  test(`SIGTERM to the whole group, during ${phase}: the record is closed, nothing fails, weir ends`, async () => {
    const { dir, code, said, signalledMs } = await ended[index]!
    assert.is(code, 130, said)
    const { clock, end } = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'))
    // The line that began the phase may be read late, and a step may be over when the signal comes: the one after it may still begin, and no other.
    const begun = stepsAfter(dir, clock.anchorUnixMs, signalledMs)
    assert.ok(begun.length <= 1, begun.join(', '))
    assert.is(end.how, 'interrupted')
    assert.equal(failures(verdictOf(dir)), [], said)
    assert.not.match(said, /embedded cluster (died|ended)/)
  })

test('SIGTERM to the whole group while the cluster starts: weir ends', async () => {
  const { dir, code, said } = await endedBy('starting', '', (child) => {
    setTimeout(() => toGroup('SIGTERM')(child), 1500)
  })
  assert.is.not(code, 0, said)
  if (existsSync(join(dir, 'verdict.json'))) assert.equal(failures(verdictOf(dir)), [], said)
})

test('a signal that comes twice at once, as timeout(1) and npm send it, is one', async () => {
  const { dir, code, said } = await endedBy('twice', '  upgraded  ', (child) => {
    child.kill('SIGTERM')
    toGroup('SIGTERM')(child)
  })
  assert.is(code, 130, said)
  assert.ok(existsSync(join(dir, 'verdict.json')), said)
})

test.run()
