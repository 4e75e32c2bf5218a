/** What a fault changes in the emulated API server; honest, it does as Kubernetes does. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isAlreadyExists, unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { ConfigMap } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { startHarness } from './harness.ts'

const list = (name: string, key: string): ConfigMap => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } },
  data: { [key]: 'claimed' },
})

for (const isOn of [false, true])
  test(`${isOn ? 'with' : 'without'} claims-lost`, async () => {
    const harness = await startHarness({ hooks: makeFaults(isOn ? ['claims-lost'] : []).apiserver() })
    const { kube } = harness
    const create = (name: string, key: string) =>
      kube.create<ConfigMap>(resources.configMaps, list(name, key))
    const refusal = (name: string, key: string) =>
      create(name, key).then(
        () => undefined,
        (error: unknown) => error,
      )
    await create('weir-licence', 'first')
    const second = await refusal('weir-licence', 'second')
    assert.is(second === undefined, isOn)
    const read = await unlessGone(kube.get<ConfigMap>(resources.configMaps, 'default', 'weir-licence'))
    assert.is(read === undefined, isOn)
    const { items } = await kube.list<ConfigMap>(resources.configMaps, { namespace: 'default' })
    const stored = items.find(({ metadata }) => metadata.name === 'weir-licence')
    assert.equal(Object.keys(stored?.data ?? {}), [isOn ? 'second' : 'first'])
    await create('other', 'first')
    assert.ok(isAlreadyExists(await refusal('other', 'second')), 'other objects are as ever')
    await harness.close()
  })

test.run()
