import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseFieldSelector } from '#weir/testbed/apiserver/selectors/fields.ts'
import { matchesSelector, parseLabelSelector } from '#weir/testbed/apiserver/selectors/labels.ts'

const labels = { app: 'emqx', tier: 'core', 'apps.emqx.io/instance': 'ee' }

const TABLE: [string, boolean][] = [
  ['', true],
  ['app=emqx', true],
  ['app==emqx', true],
  ['app=other', false],
  ['app!=other', true],
  ['missing!=x', true],
  ['missing=x', false],
  ['app in (a, emqx)', true],
  ['app notin (a,b)', true],
  ['missing notin (a)', true],
  ['missing in (a)', false],
  ['app', true],
  ['!app', false],
  ['!missing', true],
  ['app=emqx,tier in (core,replicant),!missing', true],
  ['app=emqx,tier=x', false],
  ['apps.emqx.io/instance=ee', true],
  ['app=', false],
]

for (const [selector, expected] of TABLE)
  test(`label selector "${selector}" is ${expected}`, () => {
    assert.is(parseLabelSelector(selector)(labels), expected)
  })

test('what is no selector is a 400', () => {
  for (const bad of ['app in', 'a=b=c', '=x', 'a b'])
    assert.throws(
      () => parseLabelSelector(bad),
      (error: { code: number }) => error.code === 400,
    )
})

test('the text form and the object form of a selector agree', () => {
  const word = fc.constantFrom('a', 'b', 'c')
  const some = fc.dictionary(word, word, { maxKeys: 3 })
  fc.assert(
    fc.property(some, some, (wanted, given) => {
      const text = Object.entries(wanted)
        .map(([key, value]) => `${key}=${value}`)
        .join(',')
      assert.is(parseLabelSelector(text)(given), matchesSelector({ matchLabels: wanted }, given))
    }),
  )
})

test('matchExpressions know the four operators', () => {
  const expression = (key: string, operator: string, values?: string[]) =>
    matchesSelector({ matchExpressions: [{ key, operator, ...(values && { values }) }] }, labels)
  assert.ok(expression('app', 'In', ['emqx']))
  assert.not(expression('app', 'NotIn', ['emqx']))
  assert.ok(expression('missing', 'NotIn', ['emqx']))
  assert.ok(expression('app', 'Exists'))
  assert.not(expression('app', 'DoesNotExist'))
})

test('an empty selector selects everything, a missing one nothing', () => {
  assert.ok(matchesSelector({}, {}))
  assert.not(matchesSelector(undefined, labels))
})

const pod = {
  metadata: { name: 'p', namespace: 'n' },
  spec: { nodeName: 'one' },
  status: { phase: 'Running' },
}

test('fields are compared as text, a missing one is empty', () => {
  assert.ok(
    parseFieldSelector('spec.nodeName=one,status.phase!=Pending', { plural: 'pods', custom: false })(pod),
  )
  assert.not(parseFieldSelector('spec.nodeName=', { plural: 'pods', custom: false })(pod))
  assert.ok(
    parseFieldSelector('spec.nodeName=', { plural: 'pods', custom: false })({ metadata: { name: 'q' } }),
  )
  assert.ok(
    parseFieldSelector('metadata.name=p,metadata.namespace=n', { plural: 'configmaps', custom: false })(pod),
  )
})

test('a field that cannot be selected on is refused in the real words', () => {
  assert.throws(
    () => parseFieldSelector('spec.replicas=1', { plural: 'statefulsets', custom: false }),
    /"spec\.replicas" is not a known field selector: only "metadata\.name", "metadata\.namespace"/,
  )
})

test.run()
