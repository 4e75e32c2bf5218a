/** Rules for load balancers in the policy: which holds, what another number of connections does, and what a policy may not say. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { WeirError } from '#weir/errors/index.ts'
import {
  annotationsFor,
  guardConnections,
  loadBalancerChange,
  readPolicy,
  ruleChangeText,
} from '#weir/preflight/index.ts'
import { limitPatches } from '#weir/scenarios/actions/limit-patches.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-policy-'))
test.after(() => rmSync(dir, { recursive: true }))

function policyOf(text: string) {
  const file = join(dir, 'policy.yaml')
  writeFileSync(file, text)
  return readPolicy(file)
}

const rules = policyOf(`
loadBalancers:
  - { name: off, connections: { from: 1, to: 100000 }, enabled: false, annotations: { spec: s0 } }
  - { name: small, connections: { from: 10, to: 100 }, annotations: { spec: s1, internet: 'yes' } }
  - { name: middle, connections: { from: 100, to: 1000 }, annotations: { spec: s2 } }
  - { name: late, connections: { from: 50, to: 1000 }, annotations: { spec: s9 } }
  - { name: twin, connections: { from: 1001, to: 2000 }, annotations: { spec: s2 } }
`)

/** [connections, the annotations] */
const MATCHES: [number, Record<string, string>][] = [
  [9, {}],
  [10, { spec: 's1', internet: 'yes' }],
  // Of two that match the older holds, at the end of a range too.
  [100, { spec: 's1', internet: 'yes' }],
  [101, { spec: 's2' }],
  [1000, { spec: 's2' }],
  [2000, { spec: 's2' }],
  [2001, {}],
]
for (const [connections, annotations] of MATCHES)
  test(`${connections} connections: ${JSON.stringify(annotations)}`, () =>
    assert.equal(annotationsFor(rules, connections), annotations))

test('without rules there are no annotations', () => assert.equal(annotationsFor(policyOf('{}'), 100), {}))

test('whichever rules there are, the oldest that is enabled and matches holds', () => {
  const rule = fc.record({ from: fc.nat(20), size: fc.nat(20), enabled: fc.boolean() })
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 100 }), fc.nat(40), (drawn, connections) => {
      const loadBalancers = drawn.map(({ from, size, enabled }, i) => ({
        ...{ name: `rule ${i}`, enabled, annotations: { spec: String(i) } },
        connections: { from, to: from + size },
      }))
      const { spec } = annotationsFor({ loadBalancers }, connections)
      const fits = (i: number) => {
        const { enabled, from, size } = drawn[i]!
        return enabled && from <= connections && connections <= from + size
      }
      const found = spec === undefined ? drawn.length : Number(spec)
      assert.ok(spec === undefined || fits(found))
      for (let i = 0; i < found; i++) assert.not.ok(fits(i), `rule ${i} is older`)
    }),
  )
})

/** [what, the file, the words] */
const WRONG: [string, string, RegExp][] = [
  [
    'a range of nothing',
    '{ name: a, connections: { from: 2, to: 1 }, annotations: {} }',
    /loadBalancers\.0: a is for 2 to 1 connections, which is none/,
  ],
  [
    'no annotations',
    '{ name: a, connections: { from: 1, to: 2 } }',
    /loadBalancers\.0 must have required property 'annotations'/,
  ],
  [
    'annotations that are no object',
    '{ name: a, connections: { from: 1, to: 2 }, annotations: [x] }',
    /loadBalancers\.0\.annotations must be object/,
  ],
  [
    'annotations that are text',
    '{ name: a, connections: { from: 1, to: 2 }, annotations: "{}" }',
    /loadBalancers\.0\.annotations must be object/,
  ],
  [
    'an annotation that is no string',
    '{ name: a, connections: { from: 1, to: 2 }, annotations: { spec: 1 } }',
    /loadBalancers\.0\.annotations\.spec must be string/,
  ],
  [
    'a negative number',
    '{ name: a, connections: { from: -1, to: 2 }, annotations: {} }',
    /loadBalancers\.0\.connections\.from must be >= 0/,
  ],
  [
    'a part of a connection',
    '{ name: a, connections: { from: 1.5, to: 2 }, annotations: {} }',
    /connections\.from must be integer/,
  ],
  ['no name', '{ connections: { from: 1, to: 2 }, annotations: {} }', /must have required property 'name'/],
]
const refused = (text: string): string => {
  try {
    policyOf(text)
  } catch (error) {
    assert.is((error as WeirError).code, 'WEIR_USAGE')
    return (error as WeirError).message
  }
  throw new Error('the policy was taken')
}
for (const [what, rule, words] of WRONG)
  test(`a policy is refused: ${what}`, () => assert.match(refused(`loadBalancers: [${rule}]`), words))

test('a policy is refused: two rules of one name, or more than a hundred', () => {
  const rule = (name: string) => `{ name: ${name}, connections: { from: 1, to: 2 }, annotations: {} }`
  assert.match(
    refused(`loadBalancers: [${rule('a')}, ${rule('a')}]`),
    /loadBalancers\.1: there is another rule a/,
  )
  const many = (count: number) =>
    `loadBalancers: [${Array.from({ length: count }, (_, i) => rule(`r${i}`)).join(', ')}]`
  assert.is(policyOf(many(100)).loadBalancers?.length, 100)
  assert.match(refused(many(101)), /loadBalancers must NOT have more than 100 items/)
})

type Request = Parameters<typeof guardConnections>[0]
const resource: KubeObject = { metadata: { name: 'emqx', namespace: 'default' } }
const request = (from: number, to: number, more: Partial<Request> = {}): Request => ({
  ...{ what: 'EMQX default/emqx', settled: true, condition: 'Ready', others: [] },
  ...{ to, givesLicence: false, acceptsIpChange: false },
  licence: { found: { most: from, expired: false, isConfigurable: true }, how: 'asked' },
  service: { found: { type: 'LoadBalancer' }, how: 'asked' },
  change: dialects.v2beta1.limitChange(resource, to, undefined),
  ...more,
})
const refusal = (one: Request, policy = rules): string | undefined => {
  try {
    guardConnections(one, policy)
    return undefined
  } catch (error) {
    assert.is((error as WeirError).code, 'WEIR_REFUSED')
    return (error as WeirError).message
  }
}

test('another number with the same annotations needs no flag: the address must stay', () => {
  assert.is(refusal(request(20, 100)), undefined, 'the same rule')
  assert.is(refusal(request(500, 1500)), undefined, 'another rule that says the same')
  assert.is(refusal(request(3, 5)), undefined, 'no rule before and after')
  const change = loadBalancerChange(request(500, 1500), rules)!
  assert.equal(change, { from: 'middle', to: 'twin', annotations: {} })
  assert.is(
    ruleChangeText(change, 1500),
    'with 1500 connections the rule "twin" of loadBalancers matches in place of the rule "middle", with the same annotations: the address stays',
  )
  assert.match(
    ruleChangeText(loadBalancerChange(request(20, 100), rules)!, 100),
    /^with 100 connections it goes on to match the rule "small" of loadBalancers: the address stays$/,
  )
})

test('another rule with other annotations is refused by both names, unless the address may change', () => {
  assert.is(
    refusal(request(20, 200)),
    'EMQX default/emqx is not given another number of connections (rule ip-change): its Service is a LoadBalancer, and with 200 connections the rule "middle" of loadBalancers matches in place of the rule "small", which changes spec, internet: the address will probably change: add --accept-ip-change if clients can bear another address',
  )
  assert.match(refusal(request(200, 5000))!, /no rule of loadBalancers matches in place of the rule "middle"/)
  assert.match(refusal(request(5, 50))!, /the rule "small" of loadBalancers matches in place of no rule/)
  assert.is(refusal(request(20, 200, { acceptsIpChange: true })), undefined)
})

test('without rules nobody knows: it is refused', () => {
  assert.match(
    refusal(request(20, 30), policyOf('{}'))!,
    /whose address may change with the number of connections: add --accept-ip-change/,
  )
  assert.is(loadBalancerChange(request(20, 30), policyOf('{}')), undefined)
  assert.is(
    refusal(request(20, 30), policyOf('loadBalancers: []')),
    undefined,
    'an empty list says that no rule matches',
  )
})

test('a Service of another type has no load balancer that could change', () => {
  for (const type of ['ClusterIP', 'NodePort']) {
    const one = request(20, 200, { service: { found: { type }, how: 'asked' } })
    assert.is(refusal(one), undefined)
    assert.is(loadBalancerChange(one, rules), undefined)
  }
})

test('what is written: the annotations of the new rule, and none of the old, in the template of the Service', () => {
  const { annotations } = loadBalancerChange(request(20, 200), rules)!
  assert.equal(annotations, { spec: 's2', internet: null })
  const step = { most: 200, annotations }
  const five = limitPatches(dialects.v2beta1, resource, step, undefined)
  assert.ok(Array.isArray(five))
  assert.equal(
    five.map(({ resource: { kind }, name, patch }) => [kind, name, patch]),
    [
      [
        'EMQX',
        'emqx',
        {
          spec: {
            config: { data: 'license.dynamic_max_connections = 200\n' },
            listenersServiceTemplate: { metadata: { annotations } },
          },
        },
      ],
    ],
    'one patch: one generation',
  )
  const given = { text: 'licence', sha256: 'abc' }
  const named = { ...resource, spec: { license: { secretName: 'paid' } } }
  const four = limitPatches(dialects.v1beta4, named, step, given)
  assert.ok(Array.isArray(four))
  assert.equal(
    four.map(({ resource: { kind }, name, shown }) => [kind, name, shown]),
    [
      ['Secret', 'paid', { data: { 'emqx.lic': 'sha256:abc' } }],
      // Never metadata.annotations of the resource, which its pods would get.
      ['EmqxEnterprise', 'emqx', { spec: { serviceTemplate: { metadata: { annotations } } } }],
    ],
  )
  const same = limitPatches(dialects.v1beta4, named, { most: 200, annotations: {} }, given)
  assert.is(Array.isArray(same) && same.length, 1)
})

test.run()
