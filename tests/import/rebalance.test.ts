/** A rebalance as EMQX 5.8.9 answered: 600 clients on one of three nodes, 50 a second, abs_conn_threshold 50: it ended with 200 left. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { importEvacuation } from '#weir/import/index.ts'
import type { ImportOptions } from '#weir/import/options.ts'
import { folders, outcomes } from './recorded-evacuation.ts'

const T0 = 1_795_317_000_000
const TOLD: ImportOptions = {
  connEvictRate: 50,
  absConnThreshold: 50,
  relConnThreshold: 1.1,
  reconnectMs: { minMs: 1000, maxMs: 1000 },
}

interface Course {
  /** Connections left on the donor when EMQX has done. */
  left?: number
  /** Seconds recorded after the end. */
  after?: number
  /** The donor's answer names the recipients. */
  named?: boolean
  /** Each recipient has its half of what the donor gave away. */
  share?: [number, number]
}

/** A poll of each node a second, as the recorder of the real evacuation wrote them. */
function recording({ left = 200, after = 10, named = true, share = [0.5, 0.5] }: Course = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-import-'))
  folders.push(dir)
  const ticks = Math.ceil((600 - left) / 50)
  const rows = [
    't_ms,node,connections,live_connections,scrape_ms,api_connections,api_live,lr_status,lr_state,lr_body',
  ]
  const row = (second: number, node: string, live: number, state: string, body: object) =>
    rows.push(
      `${T0 + second * 1000},127.0.0.${node},${live},${live},5,${live},${live},${state ? 'enabled' : 'disabled'},${state},${JSON.stringify(JSON.stringify(body)).replaceAll(',', ';')}`,
    )
  for (let second = 0; second < 15 + ticks + after; second++) {
    const donor = Math.max(left, 600 - 50 * Math.max(0, second - 9))
    // A client is back after a second.
    const moved = 600 - Math.max(left, 600 - 50 * Math.max(0, second - 10))
    const state =
      second < 5 || second >= 15 + ticks
        ? ''
        : second < 10
          ? 'wait_health_check'
          : second < 10 + ticks
            ? 'evicting_conns'
            : 'wait_takeover'
    const body = {
      connection_eviction_rate: 50,
      session_eviction_rate: 50,
      coordinator_node: 'emqx@127.0.0.1',
      process: 'rebalance',
      ...(named && { recipients: ['emqx@127.0.0.3', 'emqx@127.0.0.2'] }),
      state,
      stats: {
        current_connected: donor,
        initial_connected: 600,
        current_sessions: donor,
        initial_sessions: 600,
      },
      status: 'enabled',
    }
    row(second, '1', donor, state, state ? body : { status: 'disabled' })
    row(second, '2', Math.round(moved * share[0]), '', { status: 'disabled' })
    row(second, '3', Math.round(moved * share[1]), '', { status: 'disabled' })
  }
  writeFileSync(join(dir, 'scrape.csv'), `${rows.join('\n')}\n`)
  return dir
}

const balance = (course: Course = {}, told = TOLD) =>
  outcomes(importEvacuation(recording(course), told)).balance!

test('the rebalance that EMQX made ends within its thresholds', () => {
  const record = importEvacuation(recording(), TOLD)
  assert.equal(record.manifest.parameters!.rebalance, {
    donors: ['emqx@127.0.0.1'],
    recipients: ['emqx@127.0.0.3', 'emqx@127.0.0.2'],
    absConnThreshold: 50,
    relConnThreshold: 1.1,
  })
  const { outcome, sentence, figures } = outcomes(record).balance!
  assert.is(outcome, 'pass', sentence)
  assert.equal([figures.donors, figures.recipients], [200, 200])
  assert.is(outcomes(record)['evacuation-serial'], undefined)
})

test('a rebalance that stops early, or never stops, fails', () => {
  // 300 on the donor and 150 on each of the others.
  const early = balance({ left: 300 })
  assert.is(early.outcome, 'fail', early.sentence)
  assert.match(early.sentence, /unbalanced: 300\.0 connections per donor are left, 150\.0 per recipient/)
  const far = balance({ left: 0 })
  assert.is(far.outcome, 'fail', far.sentence)
  assert.match(far.sentence, /went too far: 0\.0 connections per donor are left, 300\.0 per recipient/)
})

test('the thresholds decide: each of them alone is enough', () => {
  // 231 and 184.5: within 50 connections; not within a tenth.
  assert.is(balance({ left: 231 }).outcome, 'pass')
  assert.is(balance({ left: 231 }, { ...TOLD, absConnThreshold: 40 }).outcome, 'fail')
  assert.is(balance({ left: 231 }, { ...TOLD, absConnThreshold: 40, relConnThreshold: 1.3 }).outcome, 'pass')
})

test('the mean of the recipients counts, and what the last tick takes too much does not', () => {
  assert.is(balance({ share: [0.7, 0.3] }).outcome, 'pass')
  // 150 and 225: a tick of 50 and what is under way explain it, whatever the thresholds are.
  assert.is(balance({ left: 150 }, { ...TOLD, absConnThreshold: 1 }).outcome, 'pass')
  const { outcome, settle } = balance({ left: 150 }, { ...TOLD, absConnThreshold: 1, reconnectMs: undefined })
  assert.is(outcome, 'inconclusive')
  assert.match(settle!, /--reconnect/)
})

test('what is not known leaves it open: thresholds, recipients, counts after the end', () => {
  const unsaid = balance({}, { connEvictRate: 50 })
  assert.is(unsaid.outcome, 'inconclusive')
  assert.match(unsaid.settle!, /--abs-conn-threshold and --rel-conn-threshold/)
  assert.match(balance({ named: false }).sentence, /which nodes were to receive clients/)
  assert.match(balance({ after: 0 }).sentence, /the record ends before the rebalance does/)
})

test.run()
