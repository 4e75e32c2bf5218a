/** Sentences hold what their figures hold: no negative spans, counts within the fleet, nodes that were there. */

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { upTo } from '#weir/assertions/verdict/truncation.ts'
import type { DialectName } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { faultsOfUpdate } from '#weir/testbed/faults/index.ts'
import { mutantOf, quickMutantOf, Random, type Settings, settingsOf, simulate, withEmqx5 } from './index.ts'
import { tampered } from './tamper.ts'

/** "-9.5 s", "-3 clients", but not "2026-11" or "emqx-ee-2": a number below zero that a reader would take for one. */
const NEGATIVE = /(?<![\w-])-\d[\d.]* (?:s|ms|client|connection|second|pod|message)/
const NONSENSE = /NaN|Infinity|undefined|\[object|null/
const POD = /\bemqx-(?:ee|core|replicant)-[0-9a-z]+-[0-9a-z]+\b/g
/** "3 clients of 300", "1 of 4 new pods": a part, all of it, and what is counted, before or after. */
const PART = /(?<![\d.])(\d+)(?: ([a-z]+))? of (\d+)\b(?![.,]\d|\/)(?: ([a-z]+))?/g
/** "emqx-ee-1=100 emqx-ee-2=99" */
const PER_NODE = /=(\d+)/g

/** What is wrong with the texts, the figures and the evidence of a record's verdict. */
function complaintsOf(record: RunRecord, what: string): string[] {
  const view = viewOf(record)
  const pods = new Set(view.nodes.map(({ pod }) => pod))
  const { findings, headline } = judge(record)
  const texts = findings.flatMap(({ sentence, measured, bound, settle = '', evidence }) => [
    sentence,
    measured,
    bound,
    settle,
    ...evidence.map((one) => one.what),
  ])
  const wrong = [headline, ...texts].filter(
    (text) =>
      NONSENSE.test(text) ||
      NEGATIVE.test(text) ||
      [...text.matchAll(PART)].some((parts) => isTooMany(parts, record.fleet.ids.length)) ||
      [...text.matchAll(POD)].some(([name]) => !pods.has(name)),
  )
  for (const { id, evidence, figures, sentence } of findings) {
    const spans = evidence.filter(({ fromT, toT }) => !(fromT >= 0 && fromT <= toT && Number.isFinite(toT)))
    wrong.push(...spans.map(({ fromT, toT }) => `evidence of ${id} from ${fromT} to ${toT}`))
    const odd = Object.entries(figures).filter(
      ([, value]) => typeof value === 'number' && !Number.isFinite(value),
    )
    wrong.push(...odd.map(([name, value]) => `${id}: figure ${name} is ${value}`))
    if (id === 'landing' && !addsUp(sentence)) wrong.push(sentence)
  }
  return wrong.map((text) => `${what}: ${text}`)
}

function isTooMany([, part, before, all, after]: RegExpExecArray, clients: number): boolean {
  const isOfClients = [before, after].some((word) => word?.startsWith('client'))
  return Number(part) > Number(all) || (isOfClients && Number(all) > clients)
}

/** "All 465 connections … : a=155 b=155 c=155" */
function addsUp(sentence: string): boolean {
  const each = [...sentence.matchAll(PER_NODE)].map(([, connections]) => Number(connections))
  const all = /(\d+) connections? /.exec(sentence)?.[1]
  return each.length === 0 || Number(all) === each.reduce((sum, one) => sum + one, 0)
}

const holds = (complaints: readonly string[]) => assert.is(complaints.join('\n'), '')

const DIALECTS: [on: DialectName, as: (settings: Settings) => Settings][] = [
  ['v1beta4', (settings) => settings],
  ['v2beta1', withEmqx5],
]

for (const [on, as] of DIALECTS)
  test(`${on}: sentences of every fault, whole and with a bit of everything gone`, () => {
    holds(
      faultsOfUpdate(on).flatMap(({ name }, k) => {
        const record = simulate(as(mutantOf(k + 1, name)))
        return [
          ...complaintsOf(record, name),
          ...complaintsOf(tampered(record, new Random(k), 0.02, 'all'), `${name}, torn`),
        ]
      }),
    )
  })

test('sentences of honest runs, of short ones, and of runs that end anywhere', () => {
  const complaints: string[] = []
  for (let seed = 1; seed <= 12; seed++) {
    const record = simulate(seed % 2 === 0 ? withEmqx5(settingsOf(seed)) : settingsOf(seed))
    const untilT = new Random(seed).between(0.1, 0.95) * (record.manifest.end?.t ?? 0)
    const { end: _, ...manifest } = record.manifest
    const events = record.events.filter(({ t }) => t < untilT)
    complaints.push(
      ...complaintsOf(record, `seed ${seed}`),
      ...complaintsOf({ ...record, manifest, events }, `seed ${seed}, events until ${untilT / 1e9} s`),
      ...complaintsOf({ ...upTo(record, untilT), manifest }, `seed ${seed}, until ${untilT / 1e9} s`),
    )
  }
  holds([...complaints, ...complaintsOf(simulate(quickMutantOf(1, 'lost-client')), 'lost-client, quick')])
})

test.run()
