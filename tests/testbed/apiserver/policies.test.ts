/** ValidatingAdmissionPolicies of the emulated API server, by the ones that "weir policy" writes. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { configMap, harness, withHarness } from './harness.ts'

const GROUP = '/apis/admissionregistration.k8s.io/v1'
const MAPS = '/api/v1/namespaces/default/configmaps'
const MERGE = { 'content-type': 'application/merge-patch+json' }
withHarness(test)

const rule = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['configmaps'],
}

const policy = (name: string, spec: object) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: { matchConstraints: { resourceRules: [rule] }, ...spec },
})

const binding = (name: string, spec: object = {}) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName: name, validationActions: ['Deny'], ...spec },
})

async function write(path: string, object: object) {
  const { status, body } = await harness.ask('POST', path, object)
  return { status, message: (body as { message?: string }).message ?? '' }
}

const bound = async (spec: object, with_: object = {}) => {
  assert.is((await write(`${GROUP}/validatingadmissionpolicies`, policy('size', spec))).status, 201)
  assert.is((await write(`${GROUP}/validatingadmissionpolicybindings`, binding('size', with_))).status, 201)
}

const AT_MOST_TWO = {
  variables: [{ name: 'keys', expression: 'has(object.data) ? size(object.data) : 0' }],
  validations: [
    {
      expression: 'variables.keys <= 2',
      messageExpression: "string(variables.keys) + ' keys are more than 2'",
    },
  ],
}

test('a write that a bound policy does not allow is refused in the words of the real server', async () => {
  await bound(AT_MOST_TWO)
  assert.is((await write(MAPS, { ...configMap('small'), data: { a: '1' } })).status, 201)
  const { status, message } = await write(MAPS, { ...configMap('big'), data: { a: '1', b: '2', c: '3' } })
  assert.is(status, 422)
  assert.is(
    message,
    `configmaps "big" is forbidden: ValidatingAdmissionPolicy 'size' with binding 'size' denied request: 3 keys are more than 2`,
  )
})

test('a change sees the object before it', async () => {
  await bound({
    validations: [
      { expression: 'oldObject == null || object.data == oldObject.data', message: 'data does not change' },
    ],
  })
  assert.is((await write(MAPS, { ...configMap('one'), data: { a: '1' } })).status, 201)
  const changed = await harness.ask('PATCH', `${MAPS}/one`, { data: { a: '2' } }, MERGE)
  assert.is(changed.status, 422)
  assert.match((changed.body as { message: string }).message, /denied request: data does not change$/)
})

test('a policy without a binding, or with one that only warns, refuses nothing', async () => {
  const never = { validations: [{ expression: 'false' }] }
  await write(`${GROUP}/validatingadmissionpolicies`, policy('size', never))
  assert.is((await write(MAPS, configMap('one'))).status, 201)
  await write(`${GROUP}/validatingadmissionpolicybindings`, binding('size', { validationActions: ['Warn'] }))
  assert.is((await write(MAPS, configMap('two'))).status, 201)
})

test('an expression that fails refuses, unless the policy ignores failures', async () => {
  const broken = { validations: [{ expression: 'object.data.missing == "1"' }] }
  await bound(broken)
  const { status, message } = await write(MAPS, { ...configMap('one'), data: { a: '1' } })
  assert.is(status, 422)
  assert.match(message, /denied request: expression resulted in error: /)
  await harness.ask('DELETE', `${GROUP}/validatingadmissionpolicies/size`)
  await write(`${GROUP}/validatingadmissionpolicies`, policy('size', { ...broken, failurePolicy: 'Ignore' }))
  assert.is((await write(MAPS, { ...configMap('one'), data: { a: '1' } })).status, 201)
})

test('a policy whose expressions do not compile is refused', async () => {
  const { status, message } = await write(
    `${GROUP}/validatingadmissionpolicies`,
    policy('size', { validations: [{ expression: 'object.data ==' }] }),
  )
  assert.is(status, 422)
  assert.match(
    message,
    /spec\.validations\[0\]\.expression: Invalid value: "object\.data ==": compilation failed/,
  )
})

test.run()
