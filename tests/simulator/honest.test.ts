import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { quickened, type Settings, settingsOf, simulate } from './index.ts'

/** What an honest run may leave open, and why: the numbers of the run do not suffice to tell. */
const STATED: Record<string, RegExp> = {
  'eviction-slope': /its drain took only|its drain was read only|no old node is seen to fall/,
  'eviction-floor': /no node evicted more than \d+ ticks/,
  'session-kept': /no persistent client was evicted/,
  'drained-before-delete': /they may have gone meanwhile/,
}

const RUNS = 200

/** Fails on the first false alarm; returns how often each assertion stayed open. */
function judgeHonest(runs: number, settings: (seed: number) => Settings): Map<string, number> {
  const open = new Map<string, number>()
  for (let seed = 1; seed <= runs; seed++)
    for (const { id, outcome, sentence, settle } of judge(simulate(settings(seed))).findings) {
      if (outcome === 'pass') continue
      assert.is(outcome, 'inconclusive', `seed ${seed}: ${id} cries wolf: ${sentence}`)
      assert.match(sentence, STATED[id] ?? /never/, `seed ${seed}: ${id} stays open: ${sentence}`)
      assert.ok(settle, `seed ${seed}: ${id} does not say what would settle it`)
      open.set(id, (open.get(id) ?? 0) + 1)
    }
  return open
}

test(`${RUNS} honest runs with random numbers: nothing fails, and nothing stays open but for a stated reason`, () => {
  const open = judgeHonest(RUNS, settingsOf)
  assert.ok((open.get('drained-before-delete') ?? 0) <= 2, 'a count that came too early is rare')
})

test('honest runs with the short numbers of blue-green-quick: the same', () => {
  judgeHonest(60, (seed) => quickened(settingsOf(seed)))
})

test('a random honest run is a whole record: every client came, moved once and stayed', () => {
  const record = simulate(settingsOf(3))
  const { clients } = record.manifest.parameters ?? { clients: 0 }
  assert.is(record.fleet.ids.length, clients)
  assert.is(record.manifest.end?.how, 'completed')
  assert.ok(record.scrapes.length > 20)
  // Arrival has a planned instant, an attempt and a connection; the move an end, an attempt and a connection; then it leaves.
  assert.is(record.clients.length, 7 * clients)
})

test.run()
