/** Sentences hold what their figures hold: no negative spans, counts within the fleet, nodes that were there. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { mutantOf, quickMutantOf, Random, type Settings, settingsOf, simulate, withEmqx5 } from './index.ts'
import { tampered } from './tamper.ts'

/** "-9.5 s", "-3 clients", but not "2026-11" or "emqx-ee-2": a number below zero that a reader would take for one. */
const NEGATIVE = /(?<![\w-])-\d[\d.]* (?:s|ms|client|connection|second|pod|message)/
const NONSENSE = /NaN|Infinity|undefined|\[object|null/
const OF_ALL = /(\d+) clients? of (\d+)\b/g

function checkSentences(record: RunRecord, what: string): void {
  const view = viewOf(record)
  const clients = record.fleet.ids.length
  const pods = new Set(view.nodes.map(({ pod }) => pod))
  const { findings, headline } = judge(record)
  for (const text of [
    headline,
    ...findings.flatMap(({ sentence, measured, bound, settle = '' }) => [sentence, measured, bound, settle]),
  ]) {
    assert.not.match(text, NONSENSE, `${what}: ${text}`)
    assert.not.match(text, NEGATIVE, `${what}: ${text}`)
    for (const [, part, all] of text.matchAll(OF_ALL)) {
      assert.ok(Number(part) <= Number(all), `${what}: ${text}`)
      assert.ok(Number(all) <= clients, `${what}: ${text}`)
    }
    for (const [name] of text.matchAll(/\bemqx-(?:ee|core|replicant)-[0-9a-z]+-[0-9a-z]+\b/g))
      assert.ok(pods.has(name), `${what}: ${name} is no pod of the record: ${text}`)
  }
  for (const { id, evidence } of findings)
    for (const { fromT, toT } of evidence)
      assert.ok(
        fromT <= toT || Number.isNaN(fromT) === false,
        `${what}: evidence of ${id} from ${fromT} to ${toT}`,
      )
}

const DIALECTS: [on: string, as: (settings: Settings) => Settings][] = [
  ['v1beta4', (settings) => settings],
  ['v2beta1', withEmqx5],
]

for (const [on, as] of DIALECTS)
  test(`${on}: sentences of every fault, whole and with a bit of everything gone`, () => {
    FAULTS.forEach(({ name, dialects }, k) => {
      if (dialects !== undefined && !dialects.includes(on)) return
      const record = simulate(as(mutantOf(k + 1, name)))
      checkSentences(record, name)
      checkSentences(tampered(record, new Random(k), 0.02, 'all'), `${name}, torn`)
    })
  })

test('sentences of honest runs, of short ones, and of runs that end anywhere', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const record = simulate(seed % 2 === 0 ? withEmqx5(settingsOf(seed)) : settingsOf(seed))
    checkSentences(record, `seed ${seed}`)
    const untilT = new Random(seed).between(0.1, 0.95) * (record.manifest.end?.t ?? 0)
    const { end: _, ...manifest } = record.manifest
    checkSentences(
      { ...record, manifest, events: record.events.filter(({ t }) => t < untilT) },
      `seed ${seed}, events until ${untilT / 1e9} s`,
    )
  }
  checkSentences(simulate(quickMutantOf(1, 'lost-client')), 'lost-client, quick')
})

test.run()
