/** Quotas: the policies that name them, and the guards of a resize. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { guardResize, readPolicy } from '#weir/preflight/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-quotas-'))
test.after(() => rmSync(dir, { recursive: true }))

function policyOf(text: string) {
  const file = join(dir, 'policy.yaml')
  writeFileSync(file, text)
  return readPolicy(file)
}

const quota = (name: string, cpu: string, memory: string, more = '') =>
  `  - { name: ${name}, requests: { cpu: ${cpu}, memory: ${memory} }, limits: { cpu: ${cpu}, memory: ${memory} }${more} }\n`
const THREE = `quotas:\n${quota('small', '500m', '1Gi')}${quota('medium', '1', '2Gi', ', default: true')}${quota('large', '2', '4Gi')}`
const three = policyOf(THREE)
const ranged = policyOf(`${THREE}quotaRange: { min: medium, max: medium }\n`)

type Request = Parameters<typeof guardResize>[0]
const medium = { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '1', memory: '2Gi' } }
const nodes = (
  resources: Request['from'][number]['resources'],
  of: 'nodes' | 'cores' | 'replicants' = 'nodes',
) => ({
  of,
  resources,
})
const request = (changes: Partial<Request> = {}): Request => ({
  ...{ what: 'EMQX default/emqx', settled: true, condition: 'Ready', from: [nodes(medium)], to: 'large' },
  ...changes,
})

test('a quota of the list is allowed, larger or smaller, and its figures are what a resize gets', () => {
  assert.equal(guardResize(request(), three).requests, { cpu: 2, memory: '4Gi' })
  assert.is(guardResize(request({ to: 'small' }), three).name, 'small')
  const gone = { requests: { cpu: '7', memory: '7Gi' }, limits: { cpu: '7', memory: '7Gi' } }
  assert.is(
    guardResize(request({ from: [nodes(gone)] }), three).name,
    'large',
    'a quota that is gone stops nobody',
  )
})

/** [what is asked, of which policy, what is said] */
const REFUSED: [Partial<Request>, typeof three, RegExp][] = [
  [
    { to: 'huge' },
    three,
    /^EMQX default\/emqx is not resized \(rule quota-known\): "huge" is none of small, medium \(default\), large; its nodes have requests cpu 1 and memory 2Gi, limits cpu 1 and memory 2Gi$/,
  ],
  [{ to: '2' }, three, /rule quota-known\): "2" is none of/],
  [{ to: 'cpu=2,memory=4Gi' }, three, /rule quota-known\)/],
  [{ from: [nodes({ requests: { cpu: '7' } })], to: 'huge' }, three, /its nodes have requests cpu 7$/],
  [
    {},
    readPolicy(undefined),
    /rule quota-known\): there are no quotas: name them in the file of --policy; its nodes/,
  ],
  [
    { to: 'small' },
    ranged,
    /rule quota-range\): small is smaller than medium, the least \(requests cpu 1 exceeds 500m\)/,
  ],
  [{}, ranged, /rule quota-range\): large is larger than medium, the most \(requests cpu 2 exceeds 1\)/],
  [{ to: 'medium' }, three, /rule no-change\): its nodes have medium already: requests cpu 1/],
  [
    { settled: false, condition: 'Available' },
    three,
    /rule not-running\): something is under way \(condition Available\)/,
  ],
]

for (const [changes, policy, words] of REFUSED)
  test(`a resize is refused: ${words}`, () => {
    try {
      guardResize(request(changes), policy)
    } catch (error) {
      assert.is((error as WeirError).code, 'WEIR_REFUSED')
      assert.match((error as WeirError).message, words)
      return
    }
    assert.unreachable('allowed')
  })

test('cores that have the quota already do not keep replicants from getting it', () => {
  const large = { requests: { cpu: '2', memory: '4Gi' }, limits: { cpu: '2', memory: '4Gi' } }
  const from = [nodes(large, 'cores'), nodes(medium, 'replicants')]
  assert.is(guardResize(request({ from }), three).name, 'large')
  assert.throws(
    () => guardResize(request({ from: [from[0]!, nodes(large, 'replicants')] }), three),
    /no-change/,
  )
  assert.throws(
    () => guardResize(request({ from, to: 'none' }), three),
    /its nodes have cores requests cpu 2 .*; replicants requests cpu 1 /,
  )
})

/** [a policy, what is wrong with it] */
const WRONG: [string, RegExp][] = [
  [
    'quotas: [{ name: a, requests: { cpu: 2, memory: 1Gi }, limits: { cpu: 1, memory: 1Gi } }]',
    /policy\.yaml: quotas\.0: a requests more than its limits: requests cpu 2 exceeds 1$/,
  ],
  [
    'quotas: [{ name: a, requests: { cpu: two, memory: 1Gi }, limits: { cpu: 2, memory: 1Gi } }]',
    /quotas\.0: a has requests cpu "two", which is no quantity like 500m/,
  ],
  [
    'quotas: [{ name: a, requests: { cpu: 1, memory: 0 }, limits: { cpu: 2, memory: 1Gi } }]',
    /requests memory "0", which is no quantity like 1Gi/,
  ],
  ['quotas: [{ name: a, requests: { cpu: 1, memory: 1Gi } }]', /quotas\.0 must have required property/],
  [`${THREE}${quota('small', '8', '8Gi')}`, /quotas\.3: there is another quota small/],
  [
    `${THREE}${quota('huge', '8', '8Gi', ', default: true')}`,
    /medium and huge are the default, and one can be/,
  ],
  [
    `${THREE}${quota('tiny', '100m', '8Gi')}`,
    /quotas\.3: tiny is smaller than large \(requests cpu 2 exceeds 100m\): list them from smallest to largest, or name min and max/,
  ],
  [`${THREE}quotaRange: { min: none }`, /quotaRange\.min: there is no quota none/],
  [`${THREE}quotaRange: { min: large, max: small }`, /quotaRange: large is larger than small/],
  [`${THREE}quotaRange: { least: small }`, /quotaRange must NOT have additional properties/],
]

for (const [text, words] of WRONG)
  test(`a policy is refused: ${words}`, () => {
    assert.throws(
      () => policyOf(text),
      (error: WeirError) =>
        error instanceof WeirError && error.code === 'WEIR_USAGE' && words.test(error.message),
    )
  })

test('with min and max the order of quotas does not matter', () => {
  const { quotas } = policyOf(
    `quotas:\n${quota('b', '2', '2Gi')}${quota('a', '1', '1Gi')}quotaRange: { min: a, max: b }`,
  )
  assert.equal(
    quotas?.map(({ name }) => name),
    ['b', 'a'],
  )
})

test.run()
