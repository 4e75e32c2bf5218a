/** What happens to an embedded cluster from outside: its operator ends, its API server is gone, and each comes back by itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { Deployment } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readOperator } from '#weir/cluster/observe/operator.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { startEmbedded } from '#weir/testbed/index.ts'

const DEPLOYMENT = { namespace: 'emqx-operator-system', name: 'emqx-operator-controller-manager' }
const LIMIT_MS = 60_000

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (const endMs = Date.now() + LIMIT_MS; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const found = await look()
    if (found) return found
    if (Date.now() > endMs) throw new Error(`never came: ${what}`)
  }
}

interface Bed {
  dir: string
  testbed: Awaited<ReturnType<typeof startEmbedded>>
  kube: KubeApi
}

const test = suite<Bed>('disturbed')
test.before(async (bed) => {
  bed.dir = await mkdtemp(join(tmpdir(), 'weir-disturbed-'))
  bed.testbed = await startEmbedded({
    operator: '2.1.2',
    pollIntervalSeconds: 1,
    faults: [],
    seed: 1,
    dir: bed.dir,
  })
  bed.kube = createKubeApi({ kubeconfig: bed.testbed.kubeconfig })
})
test.after(async ({ dir, testbed, kube }) => {
  kube.close()
  await testbed.close()
  await rm(dir, { recursive: true, force: true })
})

const replicas = (kube: KubeApi, count: number) =>
  kube.patch(resources.deployments, DEPLOYMENT.namespace, DEPLOYMENT.name, 'merge', {
    spec: { replicas: count },
  })
const available = async (kube: KubeApi) =>
  (await kube.get<Deployment>(resources.deployments, DEPLOYMENT.namespace, DEPLOYMENT.name)).status
    ?.availableReplicas ?? 0

/** One node, so that little has to start. */
const manifest = (name: string): KubeObject => {
  const resource = structuredClone(loadScenario('upgrade').cluster.manifest) as unknown as KubeObject & {
    spec: { replicas: number; serviceTemplate?: unknown }
  }
  resource.metadata = { name, namespace: 'default' }
  resource.spec.replicas = 1
  delete resource.spec.serviceTemplate
  return resource
}
const hasSet = async (kube: KubeApi) => (await kube.list(resources.statefulSets)).items.length > 0

test('without replicas of its Deployment there is no operator: its webhook refuses, and with one it works', async ({
  kube,
}) => {
  await until('an operator', async () => (await available(kube)) === 1)
  await replicas(kube, 0)
  await until('none', async () => (await available(kube)) === 0)
  assert.match((await readOperator(kube, DEPLOYMENT)).wanted.toString(), /^0$/)
  const refused = await until('a refusal', async () =>
    kube.create(resources.emqxEnterprises, manifest('emqx-ee')).then(
      () => undefined,
      (error: Error) => error,
    ),
  )
  assert.match(refused.message, /webhook/)
  await replicas(kube, 1)
  await until('an operator again', async () => (await available(kube)) === 1)
  await until('a resource', () =>
    kube.create(resources.emqxEnterprises, manifest('emqx-ee')).catch(() => undefined),
  )
  await until('its set', () => hasSet(kube))
})

test('an API server that is gone for a second refuses, and comes back at its address with what it had', async ({
  kube,
  testbed,
}) => {
  await testbed.disturb({ what: 'api-server-restart', seconds: 1 })
  const gone = await kube.raw('GET', '/version').catch((error: NodeJS.ErrnoException) => error)
  assert.instance(gone, Error)
  await until(
    'the server',
    async () => (await kube.raw('GET', '/version').catch(() => undefined))?.status === 200,
  )
  assert.ok(await hasSet(kube))
})

test('an EMQX whose API is out answers 503 there until it is over, and no node can be disturbed that is not there', async ({
  kube,
  testbed,
}) => {
  const pod = await until('a ready pod', async () => {
    const { items } = await kube.list<
      KubeObject & { status?: { podIP?: string; conditions?: { type: string; status: string }[] } }
    >(resources.pods, { namespace: 'default' })
    return items.find(({ status }) =>
      status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    )?.status?.podIP
  })
  const api = async () =>
    (
      await fetch(`http://${pod}:8081/api/v4/nodes`, {
        headers: { authorization: `Basic ${btoa('admin:public')}` },
      })
    ).status
  // Its pod is ready before EMQX has booted.
  const isUp = async () => (await api().catch(() => 0)) === 200
  await until('EMQX', isUp)
  await testbed.disturb({ what: 'emqx-api-outage', seconds: 1 })
  assert.is(await api(), 503)
  await until('the API', isUp)
  const error = await testbed
    .disturb({ what: 'network-cut', seconds: 1, podIp: '127.0.0.9' })
    .catch((thrown: Error) => thrown)
  assert.match(String(error), /there is no emulated node at 127\.0\.0\.9/)
})

test('an operator that ends by a nil pointer is started again by the kubelet, and ends again', async ({
  kube,
}) => {
  const name = 'emqx-ee'
  const begun = { originStatefulSet: 'a', currentStatefulSet: 'b', startedAt: new Date().toISOString() }
  // As in the middle of an update whose resource has lost blueGreenUpdate.
  await kube.patch(resources.emqxEnterprises, 'default', name, 'merge', { spec: { blueGreenUpdate: null } })
  const seen = await until('a crash loop', async () => {
    await kube
      .patch(
        resources.emqxEnterprises,
        'default',
        name,
        'merge',
        { status: { blueGreenUpdateStatus: begun } },
        { subresource: 'status' },
      )
      .catch(() => undefined)
    const { why } = await readOperator(kube, DEPLOYMENT)
    return why
  })
  assert.match(seen, /^pod emqx-operator-controller-manager-\S+: CrashLoopBackOff \(exit code 2\)$/)
})

test.run()
