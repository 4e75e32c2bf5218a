import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderJunit } from '#weir/reports/index.ts'
import { testWith } from '../support/programs.ts'
import { projectFile } from '../support/project-file.ts'
import { matchesGolden } from './golden.ts'
import { hostileReport, smallReport } from './small-report.ts'
import { parseStrictXml, type XmlElement } from './strict-xml.ts'

const childrenOf = (element: XmlElement, name: string) =>
  element.children.filter((child) => child.name === name)

test('the small report is the golden one', () => {
  matchesGolden(renderJunit(smallReport()), projectFile('tests/reports/golden/small.junit.xml'))
})

test('one testcase an assertion: fail is a failure, inconclusive an error, and the totals count them', () => {
  const root = parseStrictXml(renderJunit(smallReport()))
  const [suite] = childrenOf(root, 'testsuite')
  const cases = childrenOf(suite!, 'testcase')
  assert.equal(
    cases.map((it) => [it.attributes.name!.split(':')[0], it.children[0]!.name]),
    [
      ['hops', 'system-out'],
      ['eviction-slope', 'error'],
      ['conservation', 'failure'],
    ],
  )
  for (const element of [root, suite!]) {
    assert.is(element.attributes.tests, '3')
    assert.is(element.attributes.failures, '1')
    assert.is(element.attributes.errors, '1')
  }
})

test('a failure carries sentence, measured value, bound and evidence', () => {
  const [suite] = childrenOf(parseStrictXml(renderJunit(smallReport())), 'testsuite')
  const [failure] = childrenOf(suite!, 'testcase').flatMap((it) => childrenOf(it, 'failure'))
  assert.match(failure!.attributes.message!, /^weir-2 never came back/)
  assert.match(failure!.text, /measured: 1\nbound: 0 clients lost\n/)
  assert.match(failure!.text, /evidence: clients.arrow from \+10.0 s to \+10.5 s: the last of weir-2/)
})

test('whatever a cluster puts into names stays text, and the document well-formed', () => {
  const root = parseStrictXml(renderJunit(hostileReport()))
  const [suite] = childrenOf(root, 'testsuite')
  const name = suite!.attributes.name!
  for (const part of [']]>', '</script>', '" onmouseover="', "' & &amp; &#60;", 'line\n', 'break\ttab'])
    assert.ok(
      name.includes(part) || name.includes(part.replace('\n', '\u240d\n')),
      `${part} is gone from ${name}`,
    )
  assert.ok(name.includes('\u2400\u2401\u241b[31mred'), 'control characters are shown')
})

testWith('python3')('Python reads it too', () => {
  const script =
    'import sys, xml.etree.ElementTree as e; r = e.parse(sys.stdin.buffer).getroot(); print(r.get("tests"), len(r.findall("testsuite/testcase")))'
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: renderJunit(hostileReport()),
    encoding: 'utf8',
  })
  assert.is(status, 0, stderr)
  assert.is(stdout.trim(), '3 3')
})

test.run()
