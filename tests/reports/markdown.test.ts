import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderMarkdown } from '#weir/reports/index.ts'
import { projectFile } from '../support/project-file.ts'
import { matchesGolden } from './golden.ts'
import { hostileReport, smallReport } from './small-report.ts'

test('the small report is the golden one', () => {
  matchesGolden(renderMarkdown(smallReport()), projectFile('tests/reports/golden/small.md'))
})

test('what needs a reader stands before what passed', () => {
  const text = renderMarkdown(smallReport())
  const places = [
    'never came back',
    '**Cause:**',
    'never reconnected',
    '**Note:**',
    '<details>',
    '| conservation |',
    '| eviction-slope |',
    '| hops |',
  ].map((word) => text.indexOf(word))
  assert.equal(
    places,
    [...places].sort((a, b) => a - b),
  )
  assert.ok(places.every((place) => place >= 0))
})

test('foreign text brings no markup, no HTML, no mention and no further cell', () => {
  const text = renderMarkdown(hostileReport())
  for (const line of text.split('\n').filter((it) => it.startsWith('| ❌') || it.startsWith('| ❔')))
    assert.is(line.replace(/\\\|/g, '').split('|').length, 7, line)
  assert.not.match(text, /<(script|img|!--)/)
  assert.not.match(text, /@somebody/)
  assert.not.match(text, /(?<!\\)\[link/)
  assert.not.match(text, /[^\P{Cc}\n]/u)
})

test.run()
