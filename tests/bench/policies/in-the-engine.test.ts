/** Each preset in the lean engine itself, through refusals and drops, in virtual time: every attempt's instant is exact. */
import { readFileSync } from 'node:fs'
import { createHistogram } from 'node:perf_hooks'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CounterRow, makeCounterMemory } from '#weir/bench/counters/live-counters.ts'
import { LeanShard } from '#weir/bench/engine/lean/lean-shard.ts'
import { EventLog } from '#weir/bench/events/event-log.ts'
import { PRESET_NAMES } from '#weir/bench/policies/presets.ts'
import { projectFile } from '../../support/project-file.ts'
import { assertLawful, History, type Row } from '../support/history.ts'
import { shardSpec } from '../support/one-shard.ts'
import { ScriptedNetwork } from '../support/scripted-network.ts'
import { VirtualTime } from '../support/virtual-time.ts'

type Wait = number | [least: number, most: number] | 'stop'
/** What the broker did, how long the client waits then, and the share of waits at the upper end exactly. */
type Chapter = [outcome: string, wait: Wait, atTheEnd?: number]
interface Preset {
  client: string
  wholeSeconds?: boolean
  stories: Chapter[][]
}

const fixture = projectFile('tests/fixtures/reconnect/presets.json')
const { presets } = JSON.parse(readFileSync(fixture, 'utf8')) as { presets: Record<string, Preset> }

/** Enough for the ends of a range to be met, and few enough to be quick. The seed is fixed: this is one experiment, not a chance. */
const CLIENTS = 400

/** Lets all clients live through the story; returns what happened to each. */
async function live(preset: string, story: Chapter[]): Promise<Row[][]> {
  const time = new VirtualTime()
  const history = new History()
  const attempts = new Map<unknown, number>()
  let over = 0
  const network = new ScriptedNetwork(time, (client) => {
    const attempt = attempts.get(client) ?? 0
    attempts.set(client, attempt + 1)
    if (attempt === story.length) over++
    return story[attempt]?.[0] ?? 'no TCP'
  })
  const counters = new CounterRow(makeCounterMemory(1), 0)
  const log = new EventLog(history.addColumns)
  const spec = shardSpec(1, {
    clients: CLIENTS,
    reconnect: { preset },
    keepAliveSeconds: 0,
    connectsInFlight: CLIENTS,
  })
  const shard = new LeanShard(spec, {
    clock: time,
    timers: time,
    dial: network.dial,
    log,
    counters,
    lag: createHistogram(),
  })
  shard.start(time.nowMs())
  time.passUntil(() => over + counters.get('gaveUp') === CLIENTS)
  await shard.stop(1000)
  log.flush()
  assertLawful(history, CLIENTS)
  const lives: Row[][] = Array.from({ length: CLIENTS }, () => [])
  for (const row of history.rows) lives[row.client]!.push(row)
  return lives
}

const ENDS = ['refused', 'failed', 'disconnected']

/** How long one client waited after chapter k of its story, in milliseconds. */
function waitOf(rows: Row[], chapter: number): number | 'stop' {
  const ends = rows.filter(({ kind }) => ENDS.includes(kind))
  const next = rows[rows.indexOf(ends[chapter]!) + 1]!
  return next.kind === 'gave-up' ? 'stop' : (next.t - ends[chapter]!.t) / 1e6
}

/** Evenly drawn from least to most: both ends are met, and the mean is in the middle. */
function assertSpread(
  waitsMs: number[],
  [least, most]: [number, number],
  atTheEnd: number,
  what: string,
): void {
  const [leastMs, mostMs] = [least * 1000, most * 1000]
  const widthMs = mostMs - leastMs
  // The shard's timer rings at whole milliseconds.
  for (const waitMs of waitsMs)
    assert.ok(waitMs >= leastMs && waitMs <= mostMs + 1, `${what}: waited ${waitMs} ms`)
  const ended = waitsMs.filter((waitMs) => waitMs >= mostMs).length / waitsMs.length
  if (atTheEnd > 0)
    assert.ok(Math.abs(ended - atTheEnd) < 0.08, `${what}: ${ended} of the waits are the longest`)
  assert.ok(
    Math.min(...waitsMs) <= leastMs + widthMs * 0.03 + 1,
    `${what}: the shortest was ${Math.min(...waitsMs)}`,
  )
  assert.ok(
    Math.max(...waitsMs) >= mostMs - widthMs * 0.03,
    `${what}: the longest was ${Math.max(...waitsMs)}`,
  )
  const mean = waitsMs.reduce((sum, waitMs) => sum + waitMs, 0) / waitsMs.length
  const expected = atTheEnd * mostMs + (1 - atTheEnd) * (leastMs + widthMs / 2)
  assert.ok(Math.abs(mean - expected) < widthMs * 0.06 + 1, `${what}: ${mean} ms on average, for ${expected}`)
}

for (const [name, { stories, wholeSeconds }] of Object.entries(presets))
  for (const [s, story] of stories.entries())
    test(`${name}, story ${s + 1}: ${story
      .map(([outcome]) => outcome)
      .slice(0, 4)
      .join(', ')}, …`, async () => {
      const lives = await live(name, story)
      for (const [chapter, [outcome, wait, atTheEnd = 0]] of story.entries()) {
        const what = `${name}, story ${s + 1}, chapter ${chapter + 1} (${outcome})`
        const waits = lives.map((rows) => waitOf(rows, chapter))
        if (!Array.isArray(wait)) {
          const expected = wait === 'stop' ? 'stop' : wait * 1000
          for (const waited of waits) assert.is(waited, expected, what)
          continue
        }
        const waitsMs = waits.map(Number)
        if (!wholeSeconds) {
          assertSpread(waitsMs, wait, atTheEnd, what)
          continue
        }
        const drawn = new Set(waitsMs)
        const all = Array.from({ length: wait[1] - wait[0] + 1 }, (_, i) => (wait[0] + i) * 1000)
        assert.equal(
          [...drawn].sort((a, b) => a - b),
          all,
          what,
        )
      }
    })

test('the table has every preset', () => {
  assert.equal(Object.keys(presets).sort(), [...PRESET_NAMES].sort())
})

test.run()
