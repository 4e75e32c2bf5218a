import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { applySetting, readSetting } from '#weir/scenarios/load/set.ts'

const quick = (...set: string[]) => loadScenario('blue-green-quick', { set })

function refused(set: string[], code: string, words: string): void {
  let error: unknown
  try {
    quick(...set)
  } catch (thrown) {
    error = thrown
  }
  assert.instance(error, WeirError)
  assert.is((error as WeirError).code, code)
  assert.match((error as WeirError).message, words)
}

test('values are YAML', () => {
  assert.is(quick('fleet.clients=500').fleet.clients, 500)
  assert.is(quick('testbed.operator=2.2.29').testbed.operator, '2.2.29')
  assert.equal(quick('testbed.faults=[hops, bounce]').testbed.faults, ['hops', 'bounce'])
  assert.equal(quick('fleet.reconnect={preset: aws-iot}').fleet.reconnect, { preset: 'aws-iot' })
  assert.is(quick('description=a=b').description, 'a=b')
})

test('places in lists, keys with dots, several settings in order', () => {
  assert.is(quick('fleet.groups.1.share=7').fleet.groups[1]?.share, 7)
  const [first, second] = quick('assert=[hops]', 'assert.1=landing').assert
  assert.equal([first?.id, second?.id], ['hops', 'landing'])
  const { cluster } = quick('cluster.manifest.spec.template.spec.emqxContainer.emqxConfig.log\\.level=debug')
  assert.match(JSON.stringify(cluster.manifest), '"emqxConfig":{"log.level":"debug"}')
})

test('a setting does not reach the next scenario that is loaded', () => {
  quick('fleet.clients=1')
  assert.is(quick().fleet.clients, 3000)
})

test('what does not fit is told with the setting that it came from', () => {
  refused(
    ['fleet.clients=many'],
    'WEIR_SET_INVALID',
    '--set fleet.clients=many: fleet.clients is "many": it must be of type integer',
  )
  refused(['fleet.clientz=5'], 'WEIR_SET_INVALID', 'fleet has no "clientz": did you mean "clients"?')
  refused(
    ['observe.probeIntervalSeconds=1', 'steps.0.action=aply'],
    'WEIR_SET_INVALID',
    '--set steps.0.action=aply: ',
  )
  refused(['assert.0=hop'], 'WEIR_ASSERTION_UNKNOWN', 'did you mean "hops"?')
  refused(['testbed.operator=2.2'], 'WEIR_SET_INVALID', 'testbed.operator is 2.2')
})

test('a setting that is none', () => {
  refused(['fleet.clients'], 'WEIR_SET_INVALID', 'there is no "="')
  refused(['=5'], 'WEIR_SET_INVALID', 'no path')
  refused(['fleet..clients=5'], 'WEIR_SET_INVALID', 'empty part')
  refused(['fleet.clients=[1'], 'WEIR_SET_INVALID', 'not YAML')
  refused(['fleet.groups.9.share=1'], 'WEIR_SET_INVALID', 'fleet.groups is a list of 4')
  refused(['fleet.clients.x=1'], 'WEIR_SET_INVALID', 'fleet.clients is 3000 and has no parts')
})

test('nothing outside the scenario can be reached', () => {
  refused(['__proto__.polluted=true'], 'WEIR_SET_INVALID', '"__proto__" is not a key')
  applySetting({}, readSetting('constructor.prototype.polluted=true'))
  assert.is(({} as { polluted?: boolean }).polluted, undefined)
})

test.run()
