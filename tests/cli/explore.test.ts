/** What an exploration makes of its runs, what it says of a soak, and what it refuses before it begins. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Finding, Outcome } from '#weir/assertions/index.ts'
import { outcomeOf } from '#weir/cli/explore/run-episode.ts'
import { type Sample, slopesOf } from '#weir/cli/explore/soak.ts'
import { type Explored, headlineOf } from '#weir/cli/explore/tell.ts'
import type { Judged } from '#weir/cli/judge-record.ts'
import { weir } from './weir.ts'

const parent = mkdtempSync(join(tmpdir(), 'weir-explore-'))
test.after(() => rmSync(parent, { recursive: true }))

type Seen = Record<string, Outcome | 'known'>

/** A judged run with these findings, ended so. */
function judged(seen: Seen, end: object = { how: 'completed' }, asExpected?: boolean): Judged {
  const findings = Object.entries(seen).map(
    ([id, outcome]) =>
      ({
        ...{ id, sentence: `${id} is so.` },
        outcome: outcome === 'known' ? 'fail' : outcome,
        ...(outcome === 'known' && { deviation: 'operator-x' }),
      }) as Finding,
  )
  const outcomes = findings.map(({ outcome }) => outcome)
  const outcome = (['fail', 'inconclusive'] as const).find((one) => outcomes.includes(one)) ?? 'pass'
  const deviations = asExpected !== undefined && { deviations: { seen: ['operator-x'], asExpected } }
  return {
    verdict: { outcome, findings, headline: 'HEADLINE', ...deviations },
    run: { record: { manifest: { end } } },
  } as unknown as Judged
}

const came = (...args: Parameters<typeof judged>) => {
  const { outcome, ids } = outcomeOf(judged(...args))
  return [outcome, ...ids]
}

test('a run fails by what no known deviation explains, and a step that never ends fails it too', () => {
  assert.equal(came({ 'harness-healthy': 'pass', hops: 'pass' }), ['pass'])
  assert.equal(came({ hops: 'fail', messages: 'inconclusive' }), ['fail', 'hops'])
  assert.equal(came({ hops: 'known', messages: 'pass' }, undefined, true), ['known'])
  assert.equal(came({ hops: 'known', messages: 'fail' }, undefined, false), ['fail', 'messages'])
  assert.equal(came({ hops: 'inconclusive' }), ['inconclusive'])
  const stuck = { how: 'failed', reason: 'running was not reached' }
  assert.equal(came({ 'harness-healthy': 'pass', hops: 'inconclusive' }, stuck), ['fail', 'step'])
  assert.equal(came({ 'harness-healthy': 'inconclusive', hops: 'inconclusive' }, stuck), ['inconclusive'])
})

test('what a harness that did not keep up saw decides nothing, unless no slowness explains it', () => {
  const busy = judged({ 'harness-healthy': 'inconclusive', 'membership-exact': 'fail' })
  assert.is(outcomeOf(busy).outcome, 'inconclusive')
  assert.match(outcomeOf(busy).why, /^harness-healthy: /)
  busy.verdict.findings[1]!.despiteHarness = true
  assert.equal(outcomeOf(busy).ids, ['membership-exact'])
})

test('a deviation that is not as expected, or a step that did not end beside one, is no pass', () => {
  assert.equal(came({ hops: 'known', messages: 'inconclusive' }, undefined, false), ['inconclusive'])
  const stuck = { how: 'failed', reason: 'running was not reached' }
  assert.equal(came({ 'harness-healthy': 'pass', hops: 'known' }, stuck, true), ['fail', 'step'])
})

const samples = (minutes: number, of: (hours: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: minutes * 6 }, (_, index) => ({
    ...{ seconds: index * 10, atRest: index % 6 === 0, rssMiB: 200, heapMiB: 50, descriptors: 40 },
    ...of((index * 10) / 3600),
  }))

test('the slopes of a soak are those after the first ten minutes', () => {
  // 300 MiB come in the first ten minutes; then 6 MiB and 2 descriptors come in an hour.
  const grown = samples(70, (hours) => ({
    rssMiB: hours < 1 / 6 ? 1800 * hours : 300 + 6 * hours,
    descriptors: 40 + Math.floor(2 * hours + 1e-9),
  }))
  const slopes = slopesOf(grown)
  assert.is(slopes.overSeconds, 3540)
  assert.ok(Math.abs(slopes.rssMiBPerHour! - 6) < 0.1, String(slopes.rssMiBPerHour))
  assert.ok(slopes.descriptorsPerHour! > 0.5, String(slopes.descriptorsPerHour))
  const flat = slopesOf(samples(30, () => ({})))
  assert.equal([flat.rssMiBPerHour, flat.heapMiBPerHour, flat.descriptorsPerHour], [0, 0, 0])
})

test('what an episode holds while it runs is no growth', () => {
  const busier = samples(30, () => ({})).map((one) =>
    one.atRest ? one : { ...one, descriptors: 40 + one.seconds, rssMiB: 200 + one.seconds },
  )
  const { rssMiBPerHour, descriptorsPerHour } = slopesOf(busier)
  assert.equal([rssMiBPerHour, descriptorsPerHour], [0, 0])
})

test('a soak that is too short has no slopes, and a system without /proc none of descriptors', () => {
  assert.is(slopesOf(samples(11, () => ({}))).rssMiBPerHour, null)
  assert.is(slopesOf([]).rssMiBPerHour, null)
  const { rssMiBPerHour, descriptorsPerHour } = slopesOf(samples(30, () => ({ descriptors: null })))
  assert.equal([rssMiBPerHour, descriptorsPerHour], [0, null])
})

test('the end says what was found, how surely, and where it is', () => {
  const explored: Explored = {
    ...{ dialect: 'v2beta1', seed: 7, steps: 12, episodes: 2, seconds: 90 },
    longest: { kind: 'finish', seconds: 9.14 },
    ...{ outcomes: { pass: 1, fail: 1 }, deviations: [] },
    failure: {
      ...{ file: 'runs/x/failing.yaml', text: 'name: failing\n', ids: ['hops'], why: 'moved twice.' },
      ...{ steps: 2, failed: 3, runs: 3 },
    },
  }
  const text = headlineOf({ ...explored, slopes: slopesOf([]) })
  assert.match(
    text,
    /seed 7: 12 steps in 2 episodes, 2 minutes: 1 pass, 1 fail\. The longest step, finish, took 9\.1 s\./,
  )
  assert.match(text, /FAIL hops: moved twice\./)
  assert.match(text, /fail in 3 of 3 runs: runs\/x\/failing\.yaml/)
  assert.match(text, /name: failing/)
})

const refused: [words: string[], line: RegExp][] = [
  [['--steps', '0'], /--steps takes a whole number from 1/],
  [['--steps', '1.5'], /--steps takes a whole number from 1/],
  [['--minutes', '0'], /--minutes takes a number above 0/],
  [['--clients', '3'], /--clients takes a whole number from 4/],
  [['--steps', '5', '--minutes', '5'], /mutually exclusive/],
  [['--dialect', 'v3'], /--dialect cannot be "v3"/],
  [['--seed', '-1'], /--seed takes a whole number/],
  [['--fault', 'nonsense'], /there is no fault "nonsense"/],
  [['--fault', 'limit-by-config'], /does not apply to v2beta1/],
]
for (const [words, line] of refused)
  test(`explore ${words.join(' ')} is refused in one line, and nothing is made`, async () => {
    const out = join(parent, 'none')
    const { code, stdout, stderr } = await weir(['explore', ...words, '--out', out])
    assert.is(code, 2)
    assert.is(stdout, '')
    assert.match(stderr, line)
    assert.is(stderr.trimEnd().split('\n').length, 1, stderr)
    assert.not.ok(existsSync(out))
  })

test('a sequence of another format is refused in one line with exit 2, and nothing is made', async () => {
  const [file, out] = [join(parent, 'later.yaml'), join(parent, 'later')]
  writeFileSync(file, 'name: later\nformat: 99\nbase: upgrade-v5\nsteps:\n  - action: levitate\n')
  const { code, stdout, stderr } = await weir(['run', file, '--out', out])
  assert.is(code, 2)
  assert.is(stdout, '')
  assert.match(
    stderr,
    /later\.yaml:2: format is 99, and this weir reads format 1: .* \[WEIR_SCENARIO_INVALID\]$/m,
  )
  assert.is(stderr.trimEnd().split('\n').length, 1, stderr)
  assert.not.ok(existsSync(out))
})

test.run()
