/** The Rebalance resource in the emulated operator: what the webhook refuses, every way in which one fails, and one that EMQX makes. */
import { connectAsync, type MqttClient } from 'mqtt'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Event } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Rebalance } from '#weir/testbed/operator/rebalance/types.ts'
import { refusal } from '#weir/testbed/operator/rebalance/webhook.ts'
import { until } from '../listen.ts'
import { type Deployed, emulated, type Plan } from './emulated.ts'

type Strategy = Partial<Rebalance['spec']['rebalanceStrategy']>

const rebalance = (name: string, strategy: Strategy = {}, instanceName = 'emqx') => ({
  apiVersion: 'apps.emqx.io/v2beta1',
  kind: 'Rebalance',
  metadata: { name, namespace: 'default' },
  spec: { instanceName, rebalanceStrategy: { connEvictRate: 5, ...strategy } },
})

const read = (kube: KubeApi, name: string) =>
  unlessGone(kube.get<Rebalance>(resources.rebalances, 'default', name))

/** Creates one and waits until the operator says something of it. */
async function asked(kube: KubeApi, wanted: ReturnType<typeof rebalance>): Promise<Rebalance> {
  await kube.create(resources.rebalances, wanted)
  let seen: Rebalance | undefined
  await until(`a phase of ${wanted.metadata.name}`, async () => {
    seen = await read(kube, wanted.metadata.name)
    return seen?.status?.phase !== undefined
  })
  return seen!
}

const told = ({ status }: Rebalance) => [status?.phase, status?.conditions?.[0]?.message]

const plan: Plan = {
  ...{ cores: 2, delaySeconds: 1, waitTakeoverSeconds: 1, rate: 100, healthCheckWaitSeconds: 1 },
  isImpatient: true,
}

const clients: MqttClient[] = []
/** Clients of one node, which stay away when they are evicted. */
async function crowd({ pods }: Deployed, count: number): Promise<void> {
  const [pod] = pods().sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
  for (let index = 0; index < count; index += 1)
    clients.push(
      await connectAsync(`mqtt://${pod?.status?.podIP}:1883`, {
        clientId: `c${clients.length}`,
        protocolVersion: 5,
        reconnectPeriod: 0,
      }),
    )
}

test('the words of the webhook: thresholds are decimal numbers, and nothing is changed afterwards', () => {
  const of = (strategy: Strategy) =>
    ({ ...rebalance('x', strategy), spec: { ...rebalance('x', strategy).spec } }) as unknown as Rebalance
  assert.is(refusal(of({ relConnThreshold: 'one point one' })), 'relConnThreshold must be float64')
  assert.is(refusal(of({ relSessThreshold: '1,1' })), 'relSessThreshold must be float64')
  assert.is(refusal(of({ relConnThreshold: '1.1', relSessThreshold: '2' })), undefined)
  assert.is(refusal(of({ connEvictRate: 6 }), of({})), "the Rebalance spec don't allow update")
  assert.is(refusal(of({}), of({})), undefined)
})

test('refused by the API server, failed in the words of the operator, completed and stopped', async () => {
  await emulated(plan, async (cluster) => {
    const { kube } = cluster
    const refused = (wanted: object) =>
      kube.create(resources.rebalances, wanted as ReturnType<typeof rebalance>).then(
        () => undefined,
        (error: Error) => error.message,
      )
    assert.match((await refused(rebalance('rate', { connEvictRate: 0 }))) ?? '', /connEvictRate/)
    assert.match((await refused(rebalance('text', { relConnThreshold: 'x' }))) ?? '', /must be float64/)

    const missing = await asked(kube, rebalance('missing', {}, 'nobody'))
    assert.equal(told(missing), ['Failed', 'EMQX nobody is not found'])
    const other = { ...rebalance('other', {}, 'emqx-ee') }
    const enterprise = { ...other, spec: { ...other.spec, instanceKind: 'EmqxEnterprise' } }
    assert.equal(told(await asked(kube, enterprise)), ['Failed', 'EMQX Enterprise emqx-ee is not found'])

    const idle = await asked(kube, rebalance('idle'))
    assert.is(idle.status?.phase, 'Failed')
    assert.match(told(idle)[1] ?? '', /^Failed to start rebalance: .*nothing_to_balance/)
    // The definition's defaults.
    const { connEvictRate: _, ...defaults } = idle.spec.rebalanceStrategy
    assert.equal(defaults, {
      ...{ sessEvictRate: 500, waitTakeover: 60, waitHealthCheck: 60 },
      ...{ absConnThreshold: 1000, absSessThreshold: 1000, relConnThreshold: '1.1', relSessThreshold: '1.1' },
    })

    await crowd(cluster, 20)
    const quick = { absConnThreshold: 2, waitHealthCheck: 1, waitTakeover: 1 }
    const begun = await asked(kube, rebalance('quick', quick))
    assert.is(begun.status?.phase, 'Processing')
    assert.equal(begun.metadata.finalizers, ['apps.emqx.io/finalizer'])
    const changed = await kube
      .patch(resources.rebalances, 'default', 'quick', 'merge', { spec: { instanceName: 'another' } })
      .catch((error: Error) => error.message)
    assert.match(String(changed), /don't allow update/)
    let states: string[] = []
    await until('the end of the rebalance', async () => {
      const { status } = (await read(kube, 'quick'))!
      states = [...states, ...(status?.rebalanceStates ?? []).map(({ state }) => state ?? '')]
      return status?.phase === 'Completed'
    })
    assert.ok(states.length > 0)
    const ended = (await read(kube, 'quick'))!.status!
    assert.equal(
      ended.conditions?.map(({ type }) => type),
      ['Completed', 'Processing'],
    )
    assert.ok(Date.parse(ended.completedTime!) >= Date.parse(ended.startedTime!))

    await crowd(cluster, 20)
    const long = await asked(kube, rebalance('long', { absConnThreshold: 2, waitHealthCheck: 600 }))
    assert.is(long.status?.phase, 'Processing')
    await kube.delete(resources.rebalances, 'default', 'long')
    await until('the finalizer is cleared', async () => (await read(kube, 'long')) === undefined)
    // It was stopped: another can begin.
    const again = await asked(kube, rebalance('again', { absConnThreshold: 2, waitHealthCheck: 600 }))
    assert.is(again.status?.phase, 'Processing', told(again)[1])
    await kube.delete(resources.rebalances, 'default', 'again')

    const { items } = await kube.list<Event>(resources.events, { namespace: 'default' })
    const events = items.filter(({ reason }) => reason === 'Rebalance').map(({ message }) => message ?? '')
    for (const words of [
      'rebalance is processing',
      'rebalance is completed',
      'rebalance is failed: EMQX nobody',
    ])
      assert.ok(
        events.some((message) => message.startsWith(words)),
        words,
      )
  })
  for (const client of clients) client.end(true)
})

test('a cluster that is not ready is not rebalanced', async () => {
  await emulated(plan, async ({ kube, change }) => {
    await change({ coreTemplate: { spec: { replicas: 3 } } })
    assert.equal(told(await asked(kube, rebalance('early'))), ['Failed', 'EMQX emqx is not ready'])
  })
})

test.run()
