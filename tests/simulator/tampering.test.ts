import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { RecordEventType } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { Random, settingsOf, simulate, withEmqx5 } from './index.ts'
import { blinded, lostSight } from './lost-sight.ts'
import { tampered } from './tamper.ts'

const SHARES = [0.001, 0.02, 0.2]
const TYPES: RecordEventType[] = [
  'mark',
  'set',
  'pod',
  'endpoints',
  'watch',
  'cr',
  'evacuation',
  'nodes',
  'listing',
  'health',
  'probe',
]

function assertNoFalseAlarm(record: RunRecord, what: string): void {
  for (const { id, outcome, sentence } of judge(record).findings)
    assert.is.not(outcome, 'fail', `${what}: ${id} blames an honest run: ${sentence}`)
}

const runs = new Map<number, RunRecord>()

/** Runs by turns of EMQX 4.4 and of EMQX 5, each made once. */
function honest(seed: number): RunRecord {
  const settings = settingsOf(seed)
  const run = runs.get(seed) ?? simulate(seed % 2 === 0 ? withEmqx5(settings) : settings)
  runs.set(seed, run)
  return run
}

for (const part of ['clients', 'scrapes'] as const)
  test(`honest runs with ${part} gone at random are never failed`, () => {
    for (const share of SHARES)
      for (let seed = 1; seed <= 24; seed++)
        assertNoFalseAlarm(tampered(honest(seed), new Random(seed), share, part), `seed ${seed}, ${share}`)
  })

test('honest runs with events of one type gone at random are never failed', () => {
  for (const type of TYPES)
    for (let seed = 1; seed <= 16; seed++) {
      const share = SHARES[seed % 3] ?? 0.2
      assertNoFalseAlarm(
        tampered(honest(seed), new Random(seed), share, 'events', [type]),
        `seed ${seed}, ${type}`,
      )
    }
})

test('honest runs with a bit of everything gone are never failed', () => {
  // In run 132 the events that name a node are gone: only its scrapes do.
  for (const seed of [...Array.from({ length: 40 }, (_, i) => i + 1), 132])
    assertNoFalseAlarm(tampered(honest(seed), new Random(seed), 0.02, 'all'), `seed ${seed}`)
})

test('a watch that was blind for ten seconds anywhere leaves questions open, and blames nobody', () => {
  for (let seed = 1; seed <= 24; seed++) {
    const record = honest(seed)
    const from = new Random(seed).between(0, 0.9) * (record.manifest.end?.t ?? 0)
    assertNoFalseAlarm(blinded(record, from, from + 10e9), `seed ${seed}`)
  }
})

test('watches that were lost for good, and the pods that nobody saw since, fail nothing', () => {
  for (let seed = 1; seed <= 24; seed++) {
    const record = honest(seed)
    const endT = record.manifest.end?.t ?? 0
    const fromT = new Random(seed).between(0.2, 0.8) * endT
    assertNoFalseAlarm(lostSight(record, fromT), `seed ${seed}, from ${fromT / 1e9} s`)
  }
})

test('a run that was killed at any moment fails nothing that an honest run would pass', () => {
  for (let seed = 1; seed <= 24; seed++) {
    const whole = honest(seed)
    const untilT = new Random(seed).between(0.05, 0.95) * (whole.manifest.end?.t ?? 0)
    const record = cutAt(whole, untilT)
    assertNoFalseAlarm(record, `seed ${seed}, killed at ${untilT / 1e9} s`)
    const verdict = judge(record)
    assert.is(verdict.outcome, 'inconclusive', `seed ${seed}`)
    const marks = record.events.flatMap((event) => (event.type === 'mark' ? event.name : []))
    if (marks.includes('trigger') && !marks.includes('upgrade-done'))
      assert.match(verdict.headline, /(run was killed|record is truncated) before the end of the upgrade/)
    for (const { id, outcome, settle } of verdict.findings)
      if (outcome === 'inconclusive') assert.ok(settle, `${id} says what would settle it`)
  }
})

function cutAt(record: RunRecord, untilT: number): RunRecord {
  const { end: _, ...manifest } = record.manifest
  let length = 0
  while (length < record.clients.length && record.clients.t[length]! <= untilT) length++
  return {
    ...record,
    manifest,
    clients: {
      ...record.clients,
      length,
      t: record.clients.t.slice(0, length),
      client: record.clients.client.slice(0, length),
      kind: record.clients.kind.slice(0, length),
      reason: record.clients.reason.slice(0, length),
      code: record.clients.code.slice(0, length),
      sessionPresent: record.clients.sessionPresent.slice(0, length),
      target: record.clients.target.slice(0, length),
    },
    events: record.events.filter(({ t }) => t <= untilT),
    scrapes: record.scrapes.filter(({ t }) => t <= untilT),
    damage: [{ file: 'events.ndjson', what: 'the last line is cut off' }],
  }
}

test.run()
