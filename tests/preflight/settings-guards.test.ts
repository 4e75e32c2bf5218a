/** The guards of connections and transfer: each rule with a request that breaks it alone, and the requests that break none. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { guardConnections, guardTransfer, readPolicy } from '#weir/preflight/index.ts'

const settled = { what: 'EMQX default/emqx', settled: true, condition: 'Ready' }
const anything = readPolicy(undefined)

type Connections = Parameters<typeof guardConnections>[0]
type Policy = Parameters<typeof guardConnections>[1]

const resource = { metadata: { name: 'emqx', namespace: 'default' } }
const licence = { found: { most: 100, expired: false, isConfigurable: true }, how: 'asked' }
const connections = (changes: Partial<Connections>): Connections => ({
  ...{ ...settled, to: 200, licence, givesLicence: false, acceptsIpChange: false, others: [] },
  service: { found: { type: 'NodePort' }, how: 'asked' },
  change: dialects.v2beta1.limitChange(resource, 200, undefined),
  ...changes,
})
const other = (limit: number | undefined, name = 'other'): Connections['others'][number] => ({
  key: `emqxes.default.${name}`,
  what: `EMQX default/${name}`,
  limit: limit === undefined ? { why: 'no pod answered' } : { found: limit, how: 'asked' },
})
const total = (most: number): Policy => ({ ...anything, licence: { total: most } })

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

const given = { text: 'key', sha256: 'abc' }
const old = dialects.v1beta4
const named = { ...resource, spec: { license: { secretName: 'paid' } } }

/** [what, request, policy] */
const ALLOWED: [string, Partial<Connections>, Policy][] = [
  ['more', {}, anything],
  ['fewer', { to: 1 }, anything],
  ['exactly what is left', { others: [other(50), other(50, 'third')] }, total(300)],
  ['more than a total, where there is none', { others: [other(1000)] }, anything],
  [
    'an expired licence for another',
    { licence: { ...licence, found: { most: 100, expired: true } }, givesLicence: true },
    anything,
  ],
  [
    'a LoadBalancer, when its address may change',
    { service: { found: { type: 'LoadBalancer' }, how: 'asked' }, acceptsIpChange: true },
    anything,
  ],
  ['a licence in a Secret', { change: old.limitChange(named, 200, given), givesLicence: true }, anything],
]

for (const [what, changes, policy] of ALLOWED)
  test(`connections: ${what}`, () => {
    assert.is(
      refusal(() => guardConnections(connections(changes), policy)),
      undefined,
    )
  })

/** [what, request, policy, the words] */
const REFUSED: [string, Partial<Connections>, Policy, RegExp][] = [
  [
    'none',
    { to: 0 },
    anything,
    /^EMQX default\/emqx is not given another number of connections \(rule connection-count\): 0 is fewer than 1/,
  ],
  ['negative', { to: -3 }, anything, /rule connection-count\): -3 is fewer/],
  ['the same', { to: 100 }, anything, /rule no-change\): it allows 100 connections already/],
  [
    'one more than is left',
    { others: [other(101)] },
    total(300),
    /rule licence-total\): 200 connections are more than the 199 that are left of 300: 1 other cluster has 101$/,
  ],
  [
    'nothing left',
    { others: [other(200), other(200, 'b')] },
    total(300),
    /the 0 that are left of 300: 2 other clusters have 400/,
  ],
  [
    'unknown what others have',
    { others: [other(undefined)] },
    total(300),
    /rule licence-known\): the limit of EMQX default\/other is unknown: no pod answered/,
  ],
  [
    'unknown what it has itself',
    { licence: { why: 'no pod answered' } },
    anything,
    /rule licence-known\): its own limit is unknown: no pod answered/,
  ],
  [
    'expired',
    {
      licence: {
        found: { most: 100, expired: true, expiresOn: '2025-01-01', isConfigurable: true },
        how: '',
      },
    },
    anything,
    /rule licence-valid\): its licence has expired on 2025-01-01/,
  ],
  [
    'fixed by the licence',
    { licence: { found: { most: 100, expired: false }, how: '' } },
    anything,
    /rule licence-configurable\): its licence fixes 100 connections/,
  ],
  ['no licence given', { change: old.limitChange(named, 200, undefined) }, anything, /rule licence-file\)/],
  [
    'no Secret to put it',
    { change: old.limitChange(resource, 200, given), givesLicence: true },
    anything,
    /rule licence-secret\): .* would replace every pod/,
  ],
  [
    'a LoadBalancer',
    { service: { found: { type: 'LoadBalancer' }, how: '' } },
    anything,
    /rule ip-change\): its Service is a LoadBalancer.*--accept-ip-change/,
  ],
  [
    'an unknown Service',
    { service: { why: 'forbidden' } },
    anything,
    /rule ip-change\): the type of its Service is unknown, forbidden/,
  ],
  [
    'in an update',
    { settled: false, condition: 'Available' },
    anything,
    /rule not-running\): something is under way \(condition Available\)/,
  ],
]

for (const [what, changes, policy, words] of REFUSED)
  test(`connections are refused: ${what}`, () => {
    assert.match(refusal(() => guardConnections(connections(changes), policy)) ?? 'allowed', words)
  })

const transfer = {
  what: 'EMQX default/emqx',
  cluster: { dialect: dialects.v2beta1, namespace: 'default', name: 'emqx' },
}
const projects: Policy = {
  ...anything,
  projects: [{ name: 'a', clusters: ['default/emqx'] }, { name: 'b' }, { name: 'c', clusters: ['far/emqx'] }],
}

/** [to, what was transferred before, the policy, what is said; undefined: allowed] */
const TRANSFERS: [string, Record<string, string>, Policy, RegExp | undefined][] = [
  ['b', {}, projects, undefined],
  ['a', { 'emqxes.default.emqx': 'b' }, projects, undefined],
  ['c', { 'emqxes.far.emqx': 'b' }, projects, undefined],
  ['z', {}, projects, /\(rule project-known\): project z is none of the policy's: a, b, c$/],
  ['a', {}, projects, /\(rule no-change\): it belongs to project a already/],
  ['b', {}, { ...projects, projects: [{ name: 'b' }] }, /\(rule project-held\): it belongs to no project/],
  [
    'b',
    { 'emqxes.default.emqx': 'x' },
    projects,
    /\(rule project-held\): it belongs to project x, which is none/,
  ],
  ['c', {}, projects, /\(rule name-unique\): project c has a cluster emqx already, far\/emqx/],
  ['b', { 'emqxes.far.emqx': 'b' }, projects, /\(rule name-unique\): .* already, emqxes\.far\.emqx/],
  ['b', {}, anything, /\(rule project-known\): project b is none of the policy's: none/],
]

const organised: Policy = {
  ...anything,
  projects: [
    { name: 'a', organisation: 'acme', clusters: ['default/emqx'] },
    { name: 'b', organisation: 'acme' },
    { name: 'foreign', organisation: 'other' },
    { name: 'nobodys' },
  ],
}

/** [role, to, what is said; undefined: allowed] */
const ROLES: [string | undefined, string, RegExp | undefined][] = [
  [undefined, 'foreign', undefined],
  ['system', 'foreign', undefined],
  ['org:acme', 'b', undefined],
  [
    'org:acme',
    'foreign',
    /\(rule project-rights\): org:acme does not administer project foreign, which is of other$/,
  ],
  ['org:other', 'foreign', /org:other does not administer project a, which is of acme$/],
  ['org:acme', 'nobodys', /project nobodys, of which the policy names no organisation$/],
  ['project:acme/a', 'b', /project:acme\/a administers project a alone, and a transfer needs a and b$/],
  ['project:acme/b', 'b', /project:acme\/b administers project b alone/],
  ['user:acme/a', 'b', /user:acme\/a only looks/],
]
for (const [role, to, words] of ROLES)
  test(`transfer to ${to} by ${role ?? 'nobody in particular'}: ${words?.source ?? 'allowed'}`, () => {
    const said = refusal(() => guardTransfer({ ...transfer, to, transferred: {}, role }, organised))
    if (words) assert.match(said ?? 'allowed', words)
    else assert.is(said, undefined)
  })

test('a project that is deleted is none to transfer to, nor one to take a cluster out of', () => {
  const left = { ...organised, projects: organised.projects!.filter(({ name }) => name !== 'b') }
  const said = (to: string, transferred: Record<string, string>) =>
    refusal(() => guardTransfer({ ...transfer, to, transferred }, left))
  assert.match(said('b', {}) ?? 'allowed', /rule project-known/)
  assert.match(said('a', { 'emqxes.default.emqx': 'b' }) ?? 'allowed', /rule project-held/)
})

for (const [to, transferred, policy, words] of TRANSFERS)
  test(`transfer to ${to} of ${JSON.stringify(transferred)}: ${words?.source ?? 'allowed'}`, () => {
    const said = refusal(() => guardTransfer({ ...transfer, to, transferred }, policy))
    if (words) assert.match(said ?? 'allowed', words)
    else assert.is(said, undefined)
  })

test.run()
