/** What runs have in common, the baseline file, and the policy file. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { type ErrorCode, WeirError } from '#weir/errors/index.ts'
import { FIGURE_IDS, type Manifest } from '#weir/facts/index.ts'
import { baselineText, FLOORS, floorsOf, readBaseline, runSetOf } from '#weir/gate/index.ts'
import { quickened, type Settings, settingsOf, simulate } from '../simulator/index.ts'

const settings = quickened(settingsOf(3))
const made = (seed: number, changes: Partial<Settings> = {}) => {
  const record = simulate({ ...settings, ...changes, seed })
  return { name: `runs/${seed}`, manifest: record.manifest, verdict: judge(record) }
}
const runs = [1, 2, 3].map((seed) => made(seed))

function refusal(act: () => unknown): [ErrorCode, string] {
  try {
    act()
  } catch (error) {
    if (error instanceof WeirError) return [error.code, error.message]
    throw error
  }
  return assert.unreachable('it was taken') as never
}

test('runs of other settings are refused, with the setting', () => {
  const parameters = { ...settings.parameters, connEvictRate: 2 * settings.parameters.connEvictRate }
  const [code, message] = refusal(() => runSetOf([...runs, made(4, { parameters })]))
  assert.is(code, 'WEIR_UNLIKE')
  assert.match(message, /runs\/4 has connEvictRate 40, the baseline 20/)
})

test('a run that did not end, or whose machine was too slow, is left out with its reason', () => {
  const [first, second, third] = runs
  const { end: _, ...killed } = second!.manifest
  const findings = third!.verdict.findings.map((finding) =>
    finding.id === 'harness-healthy' ? { ...finding, outcome: 'inconclusive' as const } : finding,
  )
  const set = runSetOf([
    first!,
    { ...second!, manifest: killed as Manifest },
    { ...third!, verdict: { ...third!.verdict, findings } },
  ])
  assert.is(set.runs, 1)
  assert.equal(set.leftOut, ['runs/2: it was killed', 'runs/3: its machine was too slow'])
  assert.is(refusal(() => runSetOf([]))[0], 'WEIR_UNLIKE')
})

test('a baseline is read as it was written, and ten runs fit in 5 KB', () => {
  const set = runSetOf(Array.from({ length: 10 }, (_, i) => made(i + 1)))
  const text = baselineText(set, '0.1.0')
  assert.ok(text.length <= 5 * 1024, `${text.length} bytes`)
  const again = readBaseline(text, 'weir-baseline.json')
  assert.equal(again.settings, set.settings)
  assert.is(again.runs, 10)
  for (const id of FIGURE_IDS)
    set.figures[id]?.forEach((value, i) => {
      assert.ok(Math.abs(again.figures[id]![i]! - value) <= Math.abs(value) * 1e-3, id)
    })
})

test('what is no baseline is refused in one line', () => {
  const text = baselineText(runSetOf(runs), '0.1.0')
  for (const [wrong, words] of [
    ['{', /is no baseline: /],
    ['[]', /it must be object/],
    [text.replace('"format": 1', '"format": 2'), /format 2 is of a newer weir/],
    [text.replace('"took"', '"tokk"'), /figures must NOT have additional properties/],
  ] as const) {
    const [code, message] = refusal(() => readBaseline(wrong, 'b.json'))
    assert.is(code, 'WEIR_BASELINE')
    assert.match(message, words)
    assert.not.match(message, /\n/)
  }
})

test('a policy changes floors, leaves figures out, and names what it does not know', () => {
  const floors = floorsOf('figures:\n  took: ignore\n  downtimeP99: { share: 0.5 }\n', 'gate.yaml')
  assert.is(floors.took, undefined)
  assert.equal(floors.downtimeP99, { share: 0.5, absolute: FLOORS.downtimeP99.absolute })
  assert.equal(floors.refusals, FLOORS.refusals)
  assert.equal(floorsOf('', 'gate.yaml'), FLOORS)
  for (const [wrong, words] of [
    [
      'figures:\n  downtime: ignore\n',
      /the policy gate\.yaml: figures has no downtime: the figures are took, /,
    ],
    ['figures:\n  took: { share: -1 }\n', /figures\.took/],
    ['figures: [', /cannot be read/],
  ] as const) {
    const [code, message] = refusal(() => floorsOf(wrong, 'gate.yaml'))
    assert.is(code, 'WEIR_USAGE')
    assert.match(message, words)
  }
})

test.run()
