import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { liveLine } from '#weir/cli/run/live-line.ts'
import { claimOutDir, defaultOutDir, releaseOutDir } from '#weir/cli/run/out-dir.ts'
import { notesOf } from '#weir/cli/run/run-embedded.ts'
import { ProgressDisplay, progressLine } from '#weir/cli/run/under-watch.ts'
import { loadScenario, type Progress } from '#weir/scenarios/index.ts'
import { memoryOutput } from './weir.ts'

const at = (elapsedS: number, parts: Partial<Progress> = {}): Progress => ({
  phase: 'upgraded',
  elapsedS,
  clients: 3000,
  online: 2990,
  attemptsPerSecond: 9.7,
  ...parts,
})

test('the line says step, clients, attempts and who is evacuating', () => {
  const evacuating = { node: 'emqx-ee-54fc496fb4-2', state: 'evicting_conns', current: 610 } as const
  assert.is(
    progressLine(at(83, { evacuating, message: '3 old pods' }), 200),
    '1:23  upgraded  2990/3000 online  10 attempts/s  emqx-ee-54fc496fb4-2 evicting_conns 610  3 old pods',
  )
})

test('the line fits its terminal', () => {
  for (let columns = 1; columns < 80; columns++) {
    assert.ok(progressLine(at(83), columns).length <= columns)
    assert.ok(liveLine(at(83), columns).length <= columns)
  }
})

test('the live line says which step, what is waited for and how long that takes', () => {
  const step = { number: 6, count: 9 }
  const evacuating = { node: 'a', state: 'evicting_conns', current: 574, number: 2, count: 3 } as const
  const shown = (parts: Partial<Progress>) => liveLine(at(83, { step, ...parts }), 200).split('  ')[0]
  assert.is(shown({ evacuating, secondsLeft: 34.2 }), '[6/9] upgrading: node 2 of 3, 574 left, about 35 s')
  assert.is(
    shown({ evacuating: { ...evacuating, state: 'waiting_takeover', number: undefined } }),
    '[6/9] upgrading: node a, waiting for takeovers',
  )
  assert.is(shown({ message: '3 old pods are still there' }), '[6/9] upgrading: 3 old pods are still there')
  assert.is(shown({ phase: 'hold', secondsLeft: 3 }), '[6/9] observing: about 3 s')
  assert.is(shown({ phase: 'hold', secondsLeft: 410 }), '[6/9] observing: about 7 min')
  assert.is(shown({ phase: 'transfer' }), '[6/9] transfer')
  assert.is(shown({ step: undefined, phase: 'start' }), 'starting')
  assert.match(liveLine(at(83, { step }), 200), / {2}1:23 {2}2990\/3000 online {2}10 attempts\/s$/)
})

test('the live line of a terminal is it, a log keeps the plain one', () => {
  const [live, log] = [memoryOutput({ live: true }), memoryOutput()]
  for (const { output } of [live, log])
    new ProgressDisplay(output).update(at(1, { step: { number: 6, count: 9 } }))
  assert.match(live.said.stderr, /\[6\/9\] upgrading {2}0:01/)
  assert.match(log.said.stderr, /^0:01 {2}upgraded/)
})

test('in a log: one plain line every five seconds, and one for each step', () => {
  const { output, said } = memoryOutput()
  const display = new ProgressDisplay(output)
  for (let second = 0; second <= 12; second++) display.update(at(second))
  display.update(at(12.5, { phase: 'hold' }))
  const seconds = said.stderr.split('\n').map((line) => line.split(' ')[0])
  assert.equal(seconds, ['0:00', '0:05', '0:10', '0:12', ''])
  assert.not.ok(said.stderr.includes('\u001b'))
})

test('on a terminal: one line that redraws itself, out of the way of lines that stay', () => {
  const { output, said } = memoryOutput({ live: true, columns: 60 })
  const display = new ProgressDisplay(output)
  display.update(at(1))
  display.update(at(2))
  assert.is(said.stderr.split('\r\u001b[2K').length, 3)
  assert.not.ok(said.stderr.includes('\n'))
  display.note('something\nhappened')
  assert.match(said.stderr, /something happened\n/)
  display.clear()
  assert.ok(said.stderr.endsWith('\r\u001b[2K'))
})

test('a message from the cluster cannot drive the terminal', () => {
  const { output, said } = memoryOutput()
  new ProgressDisplay(output).update(at(0, { message: 'a\u001b[2Jb\nc' }))
  assert.match(said.stderr, /a\?\[2Jb c\n$/)
})

test('folders sort by time and have no colon', () => {
  const dir = defaultOutDir('blue green/ü', new Date(Date.UTC(2026, 10, 22, 7, 54, 33)))
  assert.is(dir, 'runs/2026-11-22T075433Z-blue-green-')
})

test('runs of the same second have folders of their own; an empty one is taken back, a written one is not', () => {
  const home = process.cwd()
  process.chdir(mkdtempSync(join(tmpdir(), 'weir-out-dir-')))
  try {
    const now = new Date(Date.UTC(2026, 10, 22))
    const [first, second] = [claimOutDir('s', now), claimOutDir('s', now)]
    assert.equal([first, second], ['runs/2026-11-22T000000Z-s', 'runs/2026-11-22T000000Z-s-2'])
    writeFileSync(join(second, 'run.json'), '{}')
    for (const dir of [first, second]) releaseOutDir(dir)
    assert.equal(readdirSync('runs'), ['2026-11-22T000000Z-s-2'])
  } finally {
    process.chdir(home)
  }
})

test('a shortened poll and faults are said; a run as released needs no note', () => {
  const quick = loadScenario('blue-green-quick')
  const [poll, faults] = notesOf(quick, ['rate-13', 'blackout'])
  assert.match(poll!, /every 1 s; released ones poll every 20 s/)
  assert.is(faults, 'Faults are switched on: rate-13, blackout.')
  assert.equal(notesOf(loadScenario('blue-green'), []), [])
  const real = loadScenario('blue-green', { set: ['testbed.kind=control-plane'] })
  assert.match(notesOf(real, [])[0]!, /^The API server, etcd and the controllers are Kubernetes' own/)
})

test.run()
