/** Which clusters are not weir's to change, by the policy. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { guardOwnership } from '#weir/preflight/index.ts'

const policy = {
  clusters: [
    { name: 'default/adopted', deployment: 'kubernetes' as const, ownership: 'adopted' as const },
    { name: 'default/in-docker', deployment: 'docker' as const, ownership: 'hosted' as const },
    { name: 'default/own', deployment: 'kubernetes' as const, ownership: 'hosted' as const },
  ],
}

const OPERATIONS = ['scale', 'resize', 'connections', 'upgrade', 'downgrade', 'stop', 'start', 'delete']

function refusal(cluster: string, operation: string): string | undefined {
  try {
    guardOwnership({ what: `EMQX ${cluster}`, cluster, operation }, policy)
    return undefined
  } catch (error) {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, 'WEIR_REFUSED')
    return (error as WeirError).message
  }
}

test('an adopted cluster, and one in docker, is only transferred', () => {
  for (const operation of OPERATIONS) {
    assert.match(
      refusal('default/adopted', operation) ?? '',
      /\(rule ownership\): it is adopted, and only transfer is for it/,
    )
    assert.match(refusal('default/in-docker', operation) ?? '', /\(rule ownership\): it runs in docker/)
  }
  assert.is(refusal('default/adopted', 'transfer'), undefined)
  assert.is(refusal('default/in-docker', 'transfer'), undefined)
})

test('all others are changed', () => {
  for (const operation of OPERATIONS) {
    assert.is(refusal('default/own', operation), undefined)
    assert.is(refusal('other/adopted', operation), undefined)
  }
})

test('an adopted cluster is forgotten by taking it off the policy', () => {
  assert.match(refusal('default/adopted', 'delete') ?? '', /take it off the policy to forget it$/)
})

test.run()
