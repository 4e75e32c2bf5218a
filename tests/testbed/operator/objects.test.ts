import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { mergePorts } from '#weir/testbed/operator/apply.ts'
import { LINES } from '#weir/testbed/operator/lines.ts'
import { podTemplate } from '#weir/testbed/operator/v1beta4/objects/pod-template.ts'
import { listenerService } from '#weir/testbed/operator/v1beta4/objects/services.ts'
import { statefulSet } from '#weir/testbed/operator/v1beta4/steps/stateful-set.ts'
import type { EmqxEnterprise } from '#weir/testbed/operator/v1beta4/types.ts'
import { recordedWatch } from './recording.ts'

/** What the API server adds by itself to a pod's spec. */
const SERVER_DEFAULTS = ['dnsPolicy', 'restartPolicy', 'schedulerName', 'terminationGracePeriodSeconds']

function withoutServerDefaults(template: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(template)) as { spec: Record<string, unknown> }
  for (const field of SERVER_DEFAULTS) delete copy.spec[field]
  for (const container of copy.spec.containers as Record<string, unknown>[]) {
    delete container.terminationMessagePath
    delete container.terminationMessagePolicy
    container.resources ??= {}
  }
  for (const volume of copy.spec.volumes as Record<string, { defaultMode?: number }>[]) {
    delete volume.configMap?.defaultMode
    delete volume.secret?.defaultMode
  }
  const { securityContext } = copy.spec
  if (securityContext && Object.keys(securityContext).length === 0) delete copy.spec.securityContext
  return copy
}

for (const line of ['2.1.2', '2.2.29'] as const) {
  const lines = recordedWatch(line)
  const cr = lines.find(({ kind }) => kind === 'CR')?.object as EmqxEnterprise
  const recorded = lines.find(({ kind }) => kind === 'StatefulSet')?.object as StatefulSet

  test(`${line}: pods are made as the real operator makes them`, () => {
    assert.equal(
      withoutServerDefaults(podTemplate(cr, LINES[line])),
      withoutServerDefaults(recorded.spec.template),
    )
  })

  test(`${line}: sets are made as the real operator makes them`, () => {
    const { spec } = statefulSet(cr, LINES[line])
    for (const field of ['replicas', 'serviceName', 'podManagementPolicy', 'selector'])
      assert.equal(spec[field], recorded.spec[field], field)
  })
}

test('storage and licence add volumes of their own', () => {
  const cr = structuredClone(
    recordedWatch('2.1.2').find(({ kind }) => kind === 'CR')?.object,
  ) as EmqxEnterprise
  cr.spec.persistent = { metadata: { name: 'emqx-ee-data' }, spec: { accessModes: ['ReadWriteOnce'] } }
  cr.spec.license = { secretName: 'paid' }
  const set = statefulSet(cr, LINES['2.1.2'])
  const volumes = (set.spec.template.spec.volumes as { name: string }[]).map(({ name }) => name)
  assert.not(volumes.includes('emqx-ee-data'))
  assert.ok(volumes.includes('emqx-license'))
  assert.is((set.spec.volumeClaimTemplates as unknown[]).length, 1)
  const [emqx] = set.spec.template.spec.containers as { env: { name: string }[] }[]
  assert.ok(emqx?.env.some(({ name }) => name === 'EMQX_LICENSE__FILE'))
})

test('ports of the template come first and are not named twice', () => {
  const ports = mergePorts(
    [{ name: 'mqtt', port: 1883 }],
    [
      { name: 'mqtt-tcp-1883', port: 1883 },
      { name: 'mqtt-ssl-8883', port: 8883 },
    ],
  )
  assert.equal(
    ports.map(({ name }) => name),
    ['mqtt', 'mqtt-ssl-8883'],
  )
})

test('a Service without any port is none', () => {
  const cr = structuredClone(
    recordedWatch('2.1.2').find(({ kind }) => kind === 'CR')?.object,
  ) as EmqxEnterprise
  cr.spec.serviceTemplate = { spec: { ports: [] } }
  assert.is(listenerService(cr, [], {}), undefined)
})

test.run()
