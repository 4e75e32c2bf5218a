import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderTerminal } from '#weir/reports/index.ts'
import { docUrl } from '#weir/reports/text/doc-url.ts'
import { projectFile } from '../../support/project-file.ts'
import { matchesGolden } from '../golden.ts'
import { hostileReport, smallReport } from '../small-report.ts'

test('the small report is the golden one', () => {
  matchesGolden(
    renderTerminal(smallReport(), { columns: 100, colour: false }),
    projectFile('tests/reports/golden/small.txt'),
  )
})

test('no line is wider than the terminal', () => {
  for (const columns of [40, 60, 80, 100, 140])
    for (const line of renderTerminal(hostileReport(), { columns, colour: false }).split('\n'))
      assert.ok([...line].length <= columns, `${[...line].length} > ${columns}: ${line}`)
})

test('colours come only where they are wanted, and change no word', () => {
  const plain = renderTerminal(smallReport(), { columns: 100, colour: false })
  const coloured = renderTerminal(smallReport(), { columns: 100, colour: true })
  assert.not.ok(plain.includes('\u001b'))
  assert.ok(coloured.includes('\u001b[31mfail'))
  assert.is(stripVTControlCharacters(coloured), plain)
})

test('foreign text cannot drive the terminal', () => {
  assert.not.match(renderTerminal(hostileReport(), { columns: 100, colour: false }), /[^\P{Cc}\n]|\u202e/u)
})

test('a cause is a line of its own, with what follows from it indented below and the rest beside it', () => {
  const lines = renderTerminal(smallReport(), { columns: 100, colour: false }).split('\n')
  const at = lines.indexOf('cause: A release of the operator loses clients.')
  assert.is(lines[at + 1], `  ${docUrl('docs/contract/operator.md#rebalance')}`)
  assert.match(lines[at + 2]!, /^ {2}fail +conservation /)
  assert.ok(lines.some((line) => line.startsWith('inconclusive  eviction-slope')))
})

test('failures come first, then what is open, then what passed', () => {
  const text = renderTerminal(smallReport(), { columns: 100, colour: false })
  const order = [...text.matchAll(/^ {0,2}(pass|fail|inconclusive) /gm)].map(([, outcome]) => outcome)
  assert.equal(order, ['fail', 'inconclusive', 'pass'])
})

test.run()
