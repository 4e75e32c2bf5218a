import { resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withPrograms } from '#weir/cli/options.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { weir } from './weir.ts'

const scenario = loadScenario('blue-green-v5-quick')

test('a build of the operator and EMQX installations take the place of what is emulated', () => {
  const { testbed } = withPrograms(scenario, {
    'operator-binary': './manager',
    'operator-manifests': 'config',
    emqx: ['old', '5.8.9=new', 'odd=folder'],
  })
  assert.equal(testbed.operator, { binary: resolve('manager'), manifests: resolve('config') })
  assert.equal(testbed.emqx, [
    { dir: resolve('old') },
    { dir: resolve('new'), version: '5.8.9' },
    { dir: resolve('odd=folder') },
  ])
})

test('without the flags the scenario stays as it is', () => {
  assert.equal(withPrograms(scenario, {}), scenario)
})

test('manifests without a program, and programs for a cluster of your own, are refused', async () => {
  for (const [flags, words] of [
    [['--operator-manifests', 'config'], /operator-manifests.*operator-binary/s],
    [['--kubeconfig', 'k', '--emqx', 'dir'], /kubeconfig.*emqx/s],
    [['--kubeconfig', 'k', '--operator-binary', 'manager'], /kubeconfig.*operator-binary/s],
  ] as const) {
    const { code, stderr } = await weir(['run', 'blue-green-v5-quick', ...flags])
    assert.is(code, 2, stderr)
    assert.match(stderr, words)
  }
})

test.run()
