/** The guards of operations: each rule with a request that breaks it alone, and the requests that break none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { guardScale, guardVersion, readPolicy } from '#weir/preflight/index.ts'

const settled = { what: 'EMQX default/emqx', settled: true, condition: 'Ready' }
const anything = readPolicy(undefined)

type Scale = Parameters<typeof guardScale>[0]
type Version = Parameters<typeof guardVersion>[0]

const scale = (changes: Partial<Scale>): Scale => ({
  ...{ ...settled, from: 3, to: 5, others: 0, raw: false, evacuation: { found: true, how: 'EMQX 5.8.6' } },
  ...{ connEvictRate: 10, sessEvictRate: 10 },
  ...changes,
})
const version = (changes: Partial<Version>): Version => ({
  ...{ ...settled, operation: 'upgrade', dialect: dialects.v2beta1, from: '5.8.6', to: '5.8.10' },
  allowsDowngrade: false,
  ...changes,
})
const listed = {
  ...anything,
  images: ['emqx/emqx-enterprise:5.8.9', 'registry:5000/emqx/emqx-enterprise:5.8.10'],
}

/** The words of a refusal; undefined when nothing is refused. */
function refusal(guard: () => void): string | undefined {
  try {
    guard()
    return undefined
  } catch (error) {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, 'WEIR_REFUSED')
    return (error as WeirError).message
  }
}

test('what breaks no rule is allowed', () => {
  for (const request of [
    scale({}),
    scale({ to: 2 }),
    scale({ to: 1, raw: true }),
    scale({ to: 7 }),
    scale({ to: 5, others: 2 }),
  ])
    assert.is(
      refusal(() => guardScale(request, anything)),
      undefined,
    )
  const down = { operation: 'downgrade', from: '5.8.10', to: '5.8.9' } as const
  for (const request of [version({}), version(down), version({ from: '5.7.2', to: '5.8.1' })])
    assert.is(
      refusal(() => guardVersion(request, anything)),
      undefined,
    )
  assert.is(
    refusal(() => guardVersion(version({}), listed)),
    undefined,
    'the registry does not matter',
  )
})

const SCALES: [Partial<Scale>, RegExp][] = [
  [{ to: 3 }, /^EMQX default\/emqx is not scaled \(rule no-change\): it has 3 nodes already$/],
  [{ to: 0 }, /rule node-count\): 0 is not from 1 to 7 nodes/],
  [{ to: -1 }, /rule node-count\)/],
  [{ to: 8 }, /rule node-count\): 8 is not/],
  [{ to: 6, others: 2 }, /rule node-count\): 6 and 2 cores is not from 1 to 7/],
  [
    { settled: false, condition: 'Available' },
    /rule not-running\): something is under way \(condition Available\)/,
  ],
]

for (const [changes, words] of SCALES)
  test(`scale ${JSON.stringify(changes)} is refused`, () => {
    assert.match(refusal(() => guardScale(scale(changes), anything)) ?? 'allowed', words)
  })

const VERSIONS: [Partial<Version>, RegExp][] = [
  [{ to: '5.8.6' }, /is not upgraded \(rule no-change\): it asks for EMQX 5\.8\.6 already/],
  [{ to: 'latest' }, /rule version-known\): "latest" is no version/],
  [{ from: undefined }, /rule version-known\): its image names no version/],
  [
    { from: '5.8.10', to: '5.8.9' },
    /rule direction\): 5\.8\.9 is older than 5\.8\.10: use weir ops downgrade/,
  ],
  [{ operation: 'downgrade' }, /is not downgraded \(rule direction\): 5\.8\.10 is newer/],
  [
    { operation: 'downgrade', from: '5.8.6', to: '5.1.0' },
    /rule version-supported\): EMQX is for EMQX from 5\.1\.1, not 5\.1\.0/,
  ],
  [
    { dialect: dialects.v1beta4, from: '4.4.19', to: '5.8.6' },
    /rule version-supported\): EmqxEnterprise is for EMQX from 4\.4\.14 to below 5\.0\.0, not 5\.8\.6/,
  ],
  [
    { dialect: dialects.v1beta4, operation: 'downgrade', from: '4.4.14', to: '4.4.9' },
    /rule version-supported\)/,
  ],
  [{ operation: 'downgrade', from: '5.8.6', to: '5.7.2' }, /rule data-format\): .*add --allow-downgrade/],
  [{ settled: false }, /rule not-running\)/],
]

for (const [changes, words] of VERSIONS)
  test(`version ${JSON.stringify({ ...changes, dialect: changes.dialect?.id })} is refused`, () => {
    assert.match(refusal(() => guardVersion(version(changes), anything)) ?? 'allowed', words)
  })

test('a version that the policy does not list is refused, and one earlier minor release can be allowed', () => {
  assert.match(
    refusal(() => guardVersion(version({ to: '5.8.11' }), listed)) ?? 'allowed',
    /rule image-list\): EMQX 5\.8\.11 is none of emqx\/emqx-enterprise:5\.8\.9, /,
  )
  const down = { operation: 'downgrade', from: '5.8.6', to: '5.7.2', allowsDowngrade: true } as const
  assert.is(
    refusal(() => guardVersion(version(down), anything)),
    undefined,
  )
})

const dir = mkdtempSync(join(tmpdir(), 'weir-policy-'))
test.after(() => rmSync(dir, { recursive: true }))

test('a policy is read; one that is none is refused with the file and what is wrong', () => {
  const policyOf = (text: string) => {
    const file = join(dir, 'policy.yaml')
    writeFileSync(file, text)
    return readPolicy(file)
  }
  assert.is(anything.nodes.most, 7)
  assert.equal(policyOf('nodes: { most: 5 }\nimages: ["a:1"]'), { nodes: { most: 5 }, images: ['a:1'] })
  assert.throws(() => policyOf('nodes: { most: 0 }'), /policy\.yaml: nodes\.most must be >= 1/)
  assert.throws(() => policyOf('quota: 1'), /policy\.yaml: it must NOT have additional properties/)
  assert.throws(() => policyOf('nodes: ['), /policy\.yaml cannot be read: /)
  assert.throws(() => readPolicy(join(dir, 'none.yaml')), /none\.yaml cannot be read: ENOENT/)
})

test.run()
