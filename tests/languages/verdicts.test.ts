/** A record judged in two languages: the same outcomes, ids, figures and evidence, and every sentence in the language chosen. */

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import type { DialectName } from '#weir/facts/index.ts'
import { inLanguage } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { faultsOfUpdate } from '#weir/testbed/faults/index.ts'
import { mutantOf, Random, type Settings, settingsOf, simulate, withEmqx5 } from '../simulator/index.ts'
import { tampered } from '../simulator/tamper.ts'
import { HAN } from './leaves.ts'

/** Three English words in a row, or one that no name has. */
const ENGLISH = /\b[a-z]{2,} (?:[a-z]+ )+[a-z]{2,}\b|\b(?:the|was|were|and|not|of)\b/
/** MQTT's words for a code, and for a session. */
const TERMS = /（[a-z0-9 ]+）|clean start|session present/g
/** Not as Chinese is set: a space beside punctuation, two full stops, none at the end, no space beside a Latin letter or a digit. */
const ILL_SET = /[。，：；] | [。，：；]| {2}|。。|[^。]$|[\w%]\p{Script=Han}|\p{Script=Han}\w/u
const NONSENSE = /undefined|NaN|Infinity|\[object/

/** What is the same in every language. */
const bare = ({ findings, causes, headline: _, ...rest }: Verdict) => ({
  ...rest,
  causes: causes.map(({ id, link, findings: of }) => ({ id, link, of })),
  findings: findings.map(({ title, bound, measured, sentence, settle, evidence, ...one }) => ({
    ...one,
    isSettled: settle !== undefined,
    evidence: evidence.map(({ file, fromT, toT }) => ({ file, fromT, toT })),
  })),
})

const sentencesOf = ({ findings, causes, headline }: Verdict): string[] => [
  headline,
  ...causes.map(({ title }) => title),
  ...findings.flatMap(({ sentence, settle }) => (settle ? [sentence, settle] : [sentence])),
]

const clausesOf = ({ findings }: Verdict): string[] =>
  findings.flatMap(({ title, bound, measured, evidence }) => [
    title,
    bound,
    measured,
    ...evidence.map(({ what }) => what),
  ])

/** What the record itself says, in English. */
const quotedIn = ({ manifest, events }: RunRecord): string[] => [
  ...(manifest.end?.reason ? [manifest.end.reason] : []),
  ...events.flatMap((event) => (event.type === 'step' && event.lastMismatch ? [event.lastMismatch] : [])),
]

/** What is wrong with a record's verdict in Chinese. */
function complaintsOf(record: RunRecord, what: string): string[] {
  const english = judge(record)
  const chinese = inLanguage('zh', () => judge(record))
  assert.equal(bare(chinese), bare(english), what)
  const inEnglish = [...sentencesOf(english), ...clausesOf(english)].map((text) => text.replace('运行中', ''))
  assert.equal(
    inEnglish.filter((text) => HAN.test(text)),
    [],
    what,
  )
  const quoted = quotedIn(record)
  const own = (text: string) => quoted.reduce((rest, one) => rest.replaceAll(one, '…'), text)
  const sentences = sentencesOf(chinese).map(own)
  const all = [...sentences, ...clausesOf(chinese).map(own)]
  return [
    ...sentences.filter((text) => !HAN.test(text) || ILL_SET.test(text)),
    ...all.filter((text) => ENGLISH.test(text.replaceAll(TERMS, '')) || NONSENSE.test(text)),
  ].map((text) => `${what}: ${text}`)
}

const holds = (complaints: readonly string[]) => assert.is([...new Set(complaints)].join('\n'), '')

/** Each how many records lose a bit: judging them takes longest. */
const TORN = 4

const DIALECTS: [on: DialectName, as: (settings: Settings) => Settings][] = [
  ['v1beta4', (settings) => settings],
  ['v2beta1', withEmqx5],
]

for (const [on, as] of DIALECTS)
  test(`${on}: every fault, some with a bit of everything gone, judged in Chinese as in English`, () => {
    holds(
      faultsOfUpdate(on).flatMap(({ name }, k) => {
        const record = simulate(as(mutantOf(k + 1, name)))
        const torn = () => complaintsOf(tampered(record, new Random(k), 0.02, 'all'), `${name}, torn`)
        return [...complaintsOf(record, name), ...(k % TORN === 0 ? torn() : [])]
      }),
    )
  })

test('honest runs, whole and killed, judged in Chinese as in English', () => {
  const complaints: string[] = []
  for (let seed = 1; seed <= 4; seed++) {
    const record = simulate(seed % 2 === 0 ? withEmqx5(settingsOf(seed)) : settingsOf(seed))
    const { end: _, ...manifest } = record.manifest
    const untilT = new Random(seed).between(0.1, 0.95) * (record.manifest.end?.t ?? 0)
    const events = record.events.filter(({ t }) => t < untilT)
    complaints.push(
      ...complaintsOf(record, `seed ${seed}`),
      ...complaintsOf({ ...record, manifest, events }, `seed ${seed}, killed`),
    )
  }
  holds(complaints)
})

test.run()
