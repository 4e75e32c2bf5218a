import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { importEvacuation } from '#weir/import/index.ts'
import { changed, FIXTURE, outcomes, PASSING, TOLD } from './recorded-evacuation.ts'

/** Every reconnect `late` seconds later. */
const lateBy =
  (lateMs: number) =>
  (lines: string[]): [string[]] => {
    const lost = new Set<string>()
    return [
      lines.map((line) => {
        const [t, event, client, ...rest] = line.split(',')
        if (event === 'disconnect' || event === 'close') lost.add(client!)
        else if (lost.has(client!)) return [Number(t) + lateMs, event, client, ...rest].join(',')
        return line
      }),
    ]
  }

test('a wait that nobody said is not learnt from the clients that are judged by it', () => {
  const dir = changed({ events: lateBy(7000) })
  assert.is(outcomes(importEvacuation(dir, TOLD)).downtime!.outcome, 'fail')
  const { outcome, settle } = outcomes(importEvacuation(dir)).downtime!
  assert.is(outcome, 'inconclusive')
  assert.match(settle!, /--reconnect/)
  assert.is(outcomes(importEvacuation(FIXTURE))['evacuation-states']!.outcome, 'inconclusive')
})

test('without scrapes the clients are judged, and show which node was drained', () => {
  const dir = changed({})
  rmSync(join(dir, 'scrape.csv'))
  rmSync(join(dir, 'states.txt'))
  const record = importEvacuation(dir, { ...TOLD, connEvictRate: 100 })
  assert.match(record.manifest.notes[0]!, /127\.0\.0\.1 was evacuated/)
  const found = outcomes(record)
  for (const id of ['eviction-envelope', 'eviction-floor', 'hops', 'no-storm', 'downtime'])
    assert.is(found[id]!.outcome, 'pass', `${id}: ${found[id]!.sentence}`)
  assert.is(found['gauge-truth']!.outcome, 'inconclusive')
})

test('a node whose clients speak MQTT 3.1.1 alone is found too: EMQX just closes them', () => {
  const dir = changed({
    events: (lines) => [lines.filter((line) => line.includes(',C311clean,'))],
    scrape: (lines, header) => {
      const state = header.split(',').indexOf('lr_state')
      return [
        lines.map((line) =>
          line
            .split(',')
            .slice(0, state - 1)
            .join(','),
        ),
        header
          .split(',')
          .slice(0, state - 1)
          .join(','),
      ]
    },
  })
  assert.match(importEvacuation(dir).manifest.notes[0]!, /127\.0\.0\.1 was evacuated/)
})

test('of scrapes alone the slope and the number of clients are judged', () => {
  const dir = changed({})
  rmSync(join(dir, 'events.csv'))
  const record = importEvacuation(dir, { connEvictRate: 100 })
  assert.is(record.manifest.parameters!.clients, 3000)
  const found = outcomes(record)
  assert.is(found['eviction-slope']!.outcome, 'pass', found['eviction-slope']!.sentence)
  assert.equal(Object.keys(found), ['eviction-slope', 'evacuation-serial', 'conservation'])
})

test('a poll that failed says nothing about the state', () => {
  const failed = changed({
    scrape: (lines) => [
      lines.map((line, i) => (i % 31 === 0 ? `${line.split(',').slice(0, 2).join(',')},,,,,5000` : line)),
    ],
  })
  const found = outcomes(importEvacuation(failed, TOLD))
  for (const id of PASSING) assert.is.not(found[id]!.outcome, 'fail', `${id}: ${found[id]!.sentence}`)
  assert.is(found['eviction-envelope']!.outcome, 'pass')
})

test('a rebalance is no evacuation', () => {
  const rename = (text: string) =>
    text.replaceAll('waiting_', 'wait_').replaceAll('"process\\":\\"evacuation', '"process\\":\\"rebalance')
  const dir = changed({ scrape: (lines) => [lines.map(rename)], states: rename })
  const record = importEvacuation(dir, TOLD)
  assert.match(record.manifest.notes[0]!, /rebalance/)
  assert.is(
    record.events.some((event) => event.type === 'evacuation' && event.evacuations.length > 0),
    false,
  )
  const found = outcomes(record)
  assert.is(found['evacuation-states'], undefined)
  assert.is(found['eviction-envelope']!.outcome, 'pass', found['eviction-envelope']!.sentence)
})

test('a state that EMQX does not have is unknown, and the record says so', () => {
  const dir = changed({
    scrape: (lines) => [lines.map((line) => line.replace(',waiting_takeover,', ',pondering,'))],
  })
  assert.ok(importEvacuation(dir, TOLD).manifest.notes.some((note) => /"pondering"/.test(note)))
})

test('sessions that were parked before do not hide clients that are lost', () => {
  const parkedBefore = (lines: string[], header: string): [string[]] => {
    const at = ['connections', 'api_connections'].map((name) => header.split(',').indexOf(name))
    return [
      lines.map((line) => {
        const cells = line.split(',')
        for (const i of at) if (cells[i]) cells[i] = String(Number(cells[i]) + 50)
        return cells.join(',')
      }),
    ]
  }
  const silence = (lines: string[]): [string[]] => {
    const moved = new Set(
      lines
        .filter((line) => line.includes(',reconnected,') && line.includes('A5persist'))
        .map((line) => line.split(',')[2]),
    )
    const some = new Set([...moved].slice(0, 20))
    return [
      lines.filter((line) => {
        const [t, event, client] = line.split(',')
        return !(some.has(client) && Number(t) > 1795317624000 && event !== 'disconnect')
      }),
    ]
  }
  const found = outcomes(importEvacuation(changed({ events: silence, scrape: parkedBefore }), TOLD))
  assert.is(found.conservation!.outcome, 'fail')
  assert.is(found.conservation!.figures.lost, 20)
})

test.run()
