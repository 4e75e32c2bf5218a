import type { MqttUser } from '#weir/bench/types.ts'
import { FakeBroker } from '../../bench/support/fake-broker.ts'
import { type Answers, apiServer, type CannedServer, listOf, refusal } from '../../cluster/api-server.ts'
import { serveNode } from '../../cluster/discover/node.ts'
import type { Answer } from '../../cluster/emqx/server.ts'

const APPS = '/apis/apps.emqx.io/v2beta1/namespaces/space/emqxes'
export const EMQX = `${APPS}/emqx`
export const EMQXES = APPS
export const ENTERPRISES = '/apis/apps.emqx.io/v1beta4/namespaces/space/emqxenterprises'
export const GROUP = '/apis/apps.emqx.io'
export const PODS = '/api/v1/namespaces/space/pods'
export const SERVICE = '/api/v1/namespaces/space/services/emqx-listeners'
export const DEPLOYMENTS = '/apis/apps/v1/deployments'
export const WHO_AM_I = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
export const MAY_I = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** Every pod of EMQX listens on the same port, so each test process has an address of its own. */
const POD_IP = `127.78.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`

export const json = (body: object): Answer => ({ body: JSON.stringify(body) })

export const emqx = (name = 'emqx', spec: object = {}) => ({
  apiVersion: 'apps.emqx.io/v2beta1',
  kind: 'EMQX',
  metadata: { name, namespace: 'space', uid: name, resourceVersion: '1', generation: 1 },
  spec: {
    image: 'emqx/emqx-enterprise:5.8.6',
    coreTemplate: { spec: { replicas: 3 } },
    updateStrategy: {
      type: 'Recreate',
      initialDelaySeconds: 5,
      evacuationStrategy: { connEvictRate: 10, sessEvictRate: 10, waitTakeover: 5 },
    },
    ...spec,
  },
})

const pod = {
  metadata: {
    name: 'emqx-core-55555-0',
    labels: { 'apps.emqx.io/db-role': 'core' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'emqx-core-55555', uid: 'u' }],
  },
  status: { podIP: POD_IP, hostIP: '127.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
}

export const operator = (image: string) =>
  listOf({
    metadata: { name: 'emqx-operator-controller-manager', namespace: 'emqx-operator-system' },
    spec: { template: { spec: { containers: [{ image }] } } },
  })

const service = (nodePort: number) => ({
  metadata: { name: 'emqx-listeners' },
  spec: { type: 'NodePort', ports: [{ name: 'tcp-default', port: 1883, nodePort }] },
})

/** What the API server says to a SelfSubjectAccessReview: yes, unless `denied` finds its line, e.g. "patch emqxes". */
export const mayAllBut =
  (denied: RegExp = /^$/) =>
  (body: string): Answer => {
    const { spec } = JSON.parse(body) as {
      spec: { resourceAttributes: { verb: string; resource: string; subresource?: string } }
    }
    const { verb, resource, subresource } = spec.resourceAttributes
    const allowed = !denied.test(`${verb} ${resource}${subresource ? `/${subresource}` : ''}`)
    return { status: 201, body: JSON.stringify({ status: { allowed } }) }
  }

export const about = (more: object = {}) =>
  JSON.stringify([
    {
      node: 'emqx@emqx-core-55555-0.emqx-headless.space.svc.cluster.local',
      node_status: 'running',
      version: '5.8.6',
      edition: 'Enterprise',
      role: 'core',
      connections: 0,
      live_connections: 0,
      ...more,
    },
  ])

const NODE = {
  '/api/v5/nodes': about(),
  '/api/v5/clients': JSON.stringify({ data: [], meta: { count: 0, hasnext: false } }),
  '/api/v5/load_rebalance/global_status': JSON.stringify({ evacuations: [], rebalances: [] }),
  '/api/v5/license': JSON.stringify({ max_sessions: 10_000, type: 'official', expiry: false }),
  '/api/v5/prometheus/stats': 'emqx_connections_count 0\nemqx_live_connections_count 0\n',
}

export interface Canned extends CannedServer {
  /** What differs from run to run and from machine to machine, taken out of a text. */
  plain(text: string): string
}

/**
 * A cluster of canned answers with EMQX 5 on it: an API server, one node of EMQX and a broker behind a NodePort. What a
 * test gives stands in for what is wrong with it.
 */
export async function cannedCluster<T>(
  { answers = {}, node = {}, user }: { answers?: Answers; node?: Record<string, string>; user?: MqttUser },
  run: (cluster: Canned) => Promise<T>,
): Promise<T> {
  const plain = new FakeBroker()
  const broker = await FakeBroker.listen({
    user,
    onPacket(visit, packet) {
      plain.onPacket(visit, packet)
      if (packet.cmd !== 'publish') return
      visit.send({ cmd: 'puback', messageId: packet.messageId, reasonCode: 0 })
      visit.send({ ...packet, messageId: 77 })
    },
  })
  const emqxNode = await serveNode(
    POD_IP,
    { ...NODE, ...node },
    { password: 'p4ssw0rd', closedMetrics: false },
  )
  const whole: Answers = {
    '/version': json({ gitVersion: 'v1.34.4' }),
    [WHO_AM_I]: json({ status: { userInfo: { username: 'system:serviceaccount:space:weir' } } }),
    [GROUP]: json({ versions: [{ version: 'v1beta4' }, { version: 'v2beta1' }] }),
    [MAY_I]: mayAllBut(),
    [ENTERPRISES]: listOf(),
    [EMQXES]: listOf(emqx()),
    [EMQX]: json(emqx()),
    [PODS]: listOf(pod),
    [SERVICE]: json(service(broker.port)),
    '/api/v1/namespaces/space/secrets/emqx-bootstrap-api-key': json({
      metadata: { name: 'emqx-bootstrap-api-key' },
      data: { bootstrap_api_key: Buffer.from('emqx-operator-controller:p4ssw0rd').toString('base64') },
    }),
    [DEPLOYMENTS]: operator('emqx/emqx-operator-controller:2.2.29'),
    '/api/v1/nodes': refusal(403, 'Forbidden', 'nodes is forbidden'),
    ...answers,
  }
  try {
    return await apiServer(whole, (server) => {
      const { host } = new URL(server.kube.server)
      const plainly = (text: string) =>
        text
          .replaceAll(server.kubeconfig, 'FILE')
          .replaceAll(host, 'API-SERVER')
          .replaceAll(`:${broker.port}`, ':NODEPORT')
          .replace(/in \d+ ms/, 'in N ms')
          // Whether the machine is busy just now.
          .replace(/^warning +\d+ CPUs, load average [\d.]+ .*\n(?: {10,}.*\n)*/m, '')
          .replace(/\d+ to \d+, enough/, 'LOW to HIGH, enough')
      return run({ ...server, plain: plainly })
    })
  } finally {
    await emqxNode.close()
    await broker.close()
  }
}

const revision = { currentRevision: '55555', updateRevision: '55555' }
/** Its three nodes run as asked. */
export const settledEmqx = () => ({
  ...emqx(),
  status: {
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    coreNodesStatus: { replicas: 3, readyReplicas: 3, ...revision },
    coreNodes: [0, 1, 2].map((i) => ({
      ...{ node: `emqx@emqx-core-55555-${i}`, node_status: 'running' },
      ...{ version: '5.8.6', role: 'core', edition: 'Enterprise' },
    })),
  },
})
