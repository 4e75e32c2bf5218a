/** What a scenario's resource and its changes are refused for, before anything starts. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rehearseOnTestbed } from '#weir/cli/run/rehearse.ts'
import { WeirError } from '#weir/errors/index.ts'
import { listScenarios, loadScenario } from '#weir/scenarios/index.ts'
import { weir } from '../weir.ts'

const refused = async (scenario: string, set: string[]): Promise<string> => {
  try {
    await rehearseOnTestbed(loadScenario(scenario, { set }))
  } catch (error) {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, 'WEIR_SCENARIO_INVALID')
    return (error as WeirError).message
  }
  return ''
}

test('every scenario that comes with weir passes', async () => {
  const all = listScenarios()
  assert.ok(all.length > 50)
  for (const { name } of all) assert.is(await refused(name, []), '', name)
})

test('a misspelt field is named, with the one that was meant', async () => {
  const rates = 'cluster.manifest.spec.blueGreenUpdate.evacuationStrategy.connEvictRates=5'
  assert.match(
    await refused('blue-green-quick', [rates]),
    /^the scenario blue-green-quick, cluster\.manifest: EmqxEnterprise would be refused: unknown field "spec\.blueGreenUpdate\.evacuationStrategy\.connEvictRates": did you mean "connEvictRate"\?$/,
  )
  assert.match(
    await refused('blue-green-v5', ['cluster.manifest.spec.coreTemplate.spec.replica=3']),
    /unknown field "spec\.coreTemplate\.spec\.replica": did you mean "replicas"\?/,
  )
})

test('a value of the wrong type, and a version that the webhook refuses', async () => {
  assert.match(
    await refused('blue-green-quick', ['cluster.manifest.spec.replicas=three']),
    /spec\.replicas: Invalid value/,
  )
  const image = 'cluster.manifest.spec.template.spec.emqxContainer.image.version'
  assert.match(await refused('blue-green-quick', [`${image}=latest`]), /image version can not be latest/)
})

test('a change on the way that would be refused', async () => {
  const steps = (change: string) => [`steps=[{ action: apply }, ${change}]`]
  assert.match(
    await refused('blue-green-quick', steps('{ action: upgrade, version: 5.8.9 }')),
    /step upgrade.*: image version 5\.8\.9 is too new/,
  )
  assert.match(
    await refused('blue-green-quick', steps('{ action: patch, patch: { spec: { replica: 4 } } }')),
    /step patch.*unknown field "spec\.replica": did you mean "replicas"/,
  )
  assert.is(
    await refused(
      'blue-green-quick',
      steps('{ action: patch, patch: { spec: { replica: 4 } }, expect: refused }'),
    ),
    '',
  )
})

test('the command ends with 2 and one line, and makes no record', async () => {
  for (const [args, words] of [
    [
      ['blue-green-quick', '--to', '5.8.9'],
      /--to 5\.8\.9: the scenario blue-green-quick is for EmqxEnterprise, EMQX from 4\.4\.14 to below 5\.0\.0/,
    ],
    [['blue-green-v5-quick', '--to', '4.4.19'], /--to 4\.4\.19: .* is for EMQX, EMQX from 5\.1\.1/],
    [['blue-green-quick', '--to', 'latest'], /--to latest: .* EMQX from 4\.4\.14 to below 5\.0\.0/],
    [['blue-green-quick', '--set', 'cluster.manifest.spec.replica=2'], /unknown field "spec\.replica"/],
  ] as const) {
    const { code, stdout, stderr } = await weir(['run', ...args], {})
    assert.is(code, 2, stderr)
    assert.is(stdout, '')
    assert.match(stderr, words)
    assert.is(stderr.trim().split('\n').length, 1, stderr)
  }
})

test.run()
