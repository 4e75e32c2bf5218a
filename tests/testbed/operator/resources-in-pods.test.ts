/** The resources that a custom resource asks for reach EMQX's container in the pods, and change the template. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { mergePatch } from '#weir/testbed/apiserver/operations/patch.ts'
import { configOf, dashboardPorts } from '#weir/testbed/operator/emqx5/config.ts'
import { setFor } from '#weir/testbed/operator/emqx5/pod-spec.ts'
import { LINES } from '#weir/testbed/operator/lines.ts'
import { statefulSet } from '#weir/testbed/operator/v1beta4/steps/stateful-set.ts'
import type { EmqxEnterprise } from '#weir/testbed/operator/v1beta4/types.ts'
import type { Emqx } from '#weir/testbed/operator/v2beta1/types.ts'
import { recordedWatch } from './recording.ts'

const SIZE = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } }

const containers = ({ spec }: StatefulSet) =>
  Object.fromEntries(spec.template.spec.containers.map(({ name, resources }) => [name, resources]))

for (const line of ['2.1.2', '2.2.29'] as const)
  test(`v1beta4, operator ${line}: EMQX has them, its reloader has none`, () => {
    const cr = recordedWatch(line).find(({ kind }) => kind === 'CR')?.object as EmqxEnterprise
    const resized = mergePatch(cr, dialects.v1beta4.resourcesPatch(cr, SIZE)) as unknown as EmqxEnterprise
    const { emqx, reloader } = containers(statefulSet(resized, LINES[line]))
    assert.equal(emqx, SIZE)
    assert.is(reloader, undefined)
    assert.equal(dialects.v1beta4.resources(resized), [{ of: 'nodes', resources: SIZE }])
  })

test('v2beta1: cores have them, and replicants where there is a template of them', () => {
  const cr = recordedWatch('v2beta1-2.2.29/b-s1').find(({ kind }) => kind === 'CR')?.object as Emqx
  const dialect = dialects.v2beta1
  const dashboard = dashboardPorts(configOf())
  const after = (emqx: Emqx) =>
    mergePatch(emqx as KubeObject, dialect.resourcesPatch(emqx, SIZE)) as unknown as Emqx
  const cores = after(cr)
  assert.equal(containers(setFor(cores, 'core', cores.spec.coreTemplate, dashboard, 0)).emqx, SIZE)
  assert.is(cores.spec.replicantTemplate, undefined, 'no template comes of it')
  const both = structuredClone(cr)
  both.spec.replicantTemplate = { spec: { replicas: 0 } }
  const resized = after(both)
  const replicants = setFor(resized, 'replicant', resized.spec.replicantTemplate!, dashboard, 0)
  assert.equal(containers(replicants).emqx, SIZE)
  assert.equal(dialect.resources(resized), [
    { of: 'cores', resources: SIZE },
    { of: 'replicants', resources: SIZE },
  ])
  const name = (emqx: Emqx) => setFor(emqx, 'core', emqx.spec.coreTemplate, dashboard, 0).metadata.name
  assert.is.not(name(resized), name(cr), 'other resources are another set')
})

test.run()
