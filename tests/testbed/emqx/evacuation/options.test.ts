import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readOptions } from '#weir/testbed/emqx/evacuation/options.ts'
import { projectFile } from '../../../support/project-file.ts'

const fixture = (name: string) => JSON.parse(readFileSync(projectFile(`tests/fixtures/emqx/${name}`), 'utf8'))

const error = (body: unknown, available = (_: string) => true): string | undefined => {
  const checked = readOptions(body, available)
  return 'error' in checked ? checked.error : undefined
}

test('reads what the operator sends', () => {
  const body = fixture('v4_evacuation_start_request_operator.json')
  assert.equal(
    readOptions(body, () => true),
    {
      options: {
        connEvictRate: 10,
        sessEvictRate: 10,
        waitTakeoverSeconds: 5,
        migrateTo: body.migrate_to,
        serverReference: undefined,
      },
    },
  )
})

test('fills in 500, 500 and 60', () => {
  assert.equal(
    readOptions({}, () => true),
    {
      options: {
        connEvictRate: 500,
        sessEvictRate: 500,
        waitTakeoverSeconds: 60,
        migrateTo: undefined,
        serverReference: undefined,
      },
    },
  )
})

test('refuses rates that are not positive integers, in the words of the sample', () => {
  const { message } = fixture('v4_error_bad_rate.http200.json')
  for (const rate of [0, -1, 1.5, '10', null]) assert.is(error({ conn_evict_rate: rate }), message)
  assert.is(error({ sess_evict_rate: 0 }), 'invalid sess_evict_rate value')
  assert.is(error({ wait_takeover: 0 }), 'invalid wait_takeover value')
})

test('refuses nodes that are not available, by name', () => {
  const { message } = fixture('v4_error_unavailable_nodes.http200.json')
  const gone = 'emqx-ee@emqx-ee-5d87d4c6bd-2.emqx-ee-headless.default.svc.cluster.local'
  assert.is(
    error({ migrate_to: ['a@b', gone] }, (node) => node !== gone),
    message,
  )
  assert.is(error({ migrate_to: [] }), 'invalid migrate_to value')
  assert.is(error({ migrate_to: 'a@b' }), 'invalid migrate_to value')
})

test('knows no other parameter: wait_health_check came later', () => {
  assert.is(error({ wait_health_check: 60 }), 'Unknown evacuation param: wait_health_check')
  assert.is(error([]), 'invalid evacuation params')
  assert.is(error({ redirect_to: 5 }), 'invalid redirect_to value')
})

test('takes redirect_to as the Server-Reference, as 4.x does', () => {
  const checked = readOptions({ redirect_to: 'host:1883' }, () => true)
  assert.is('options' in checked && checked.options.serverReference, 'host:1883')
})

test.run()
