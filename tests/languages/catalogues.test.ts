/** Every text has its counterpart in each language. A missing one does not compile; an untranslated one is found here. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { english } from '#weir/assertions/messages/catalogue.ts'
import { MESSAGES } from '#weir/assertions/messages/index.ts'
import { chinese } from '#weir/assertions/messages/zh/index.ts'
import { HELP } from '#weir/cli/help-texts.ts'
import { SERVE_TEXTS } from '#weir/cli/serve/texts.ts'
import { ASSERTION_IDS, FIGURE_IDS, figureTitleOf, inLanguage, titleOf } from '#weir/facts/index.ts'
import { GATE_TEXTS } from '#weir/gate/texts.ts'
import { HAN, leavesOf, sourceOf } from './leaves.ts'

/** Texts without a word, or with names and numbers alone, the same in every language. */
const WORDLESS: readonly string[] = [
  'available.measuredOutage',
  'conservation.nodes',
  'drained-before-delete.emqx',
  'duration.measured',
  'evacuation-states.measuredWait',
  'drained-before-delete.operator',
  'untouched.podSeen',
  'untouched.rewrittenSeen',
]

/** Texts that are put together without a word of their own. */
const JOINED: readonly string[] = [
  'all-new.facts',
  'as-before.measured',
  'capacity-follows.measuredLanded',
  'conservation.measuredSums',
  'drained-before-delete.andOthers',
  'drained-before-delete.measuredCount',
  'drained-before-delete.measuredLeft',
  'evacuation-serial.measured',
  'evacuation-serial.nodeInState',
  'membership-exact.measured',
  'shared.blocker',
  'shared.clauses',
  'suback.measured',
  'downtime.measured',
  'landing.perNode',
  'verdict.clause',
  'verdict.clientDid',
  'verdict.sentences',
  'verdict.whyInconclusive',
  'verdict.inconclusive',
  'verdict.option.connEvictRate',
  'verdict.option.reconnect',
  'verdict.podsLost',
]

test('every text of a verdict is in Chinese', () => {
  const texts = new Map(leavesOf(chinese))
  assert.ok(texts.size > 500, `only ${texts.size} texts were found: the test is blind`)
  const untranslated = leavesOf(english).flatMap(([path, text]) => {
    const other = texts.get(path)
    const isSame = sourceOf(other) === sourceOf(text)
    return !HAN.test(sourceOf(other)) || (isSame && HAN.test(sourceOf(text))) ? [path] : []
  })
  assert.equal(
    untranslated.filter((path) => ![...WORDLESS, ...JOINED].includes(path)),
    [],
  )
})

test('the texts of comparisons, of the pages of weir serve and of help are in Chinese', () => {
  for (const texts of [GATE_TEXTS, SERVE_TEXTS, HELP]) {
    const untranslated = inLanguage('zh', () => leavesOf(texts)).filter(
      ([, text]) => !HAN.test(sourceOf(text)),
    )
    // "Run: why" has no word of its own.
    assert.equal(
      untranslated.map(([path]) => path).filter((path) => !['leftOut', 'figure'].includes(path)),
      [],
    )
  }
})

test('titles of assertions and figures are in Chinese', () => {
  inLanguage('zh', () => {
    for (const id of ASSERTION_IDS) assert.match(titleOf(id), HAN, id)
    for (const id of FIGURE_IDS) assert.match(figureTitleOf(id), HAN, id)
  })
  for (const id of ASSERTION_IDS) assert.not.match(titleOf(id), HAN, id)
})

test('a part of the catalogue that is held follows the language', () => {
  const { settle } = MESSAGES
  const { missing } = MESSAGES.verdict
  assert.match(settle.drain, /^Run a scenario/)
  inLanguage('zh', () => {
    assert.match(settle.drain, HAN)
    assert.match(missing.away, HAN)
    assert.match(MESSAGES.verdict.inconclusive({ why: 'x' }), /^无法判定：x。$/)
  })
  assert.match(missing.away, /^was disconnected/)
})

test.run()
