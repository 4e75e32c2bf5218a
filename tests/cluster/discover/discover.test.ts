import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Discovery, discover, openCluster } from '#weir/cluster/index.ts'
import type { ClusterOptions } from '#weir/cluster/types.ts'
import { type Answers, apiServer, listOf, refusal } from '../api-server.ts'
import type { Answer } from '../emqx/server.ts'
import { recorded, sample } from '../recorded.ts'
import { serveNode } from './node.ts'

const EMQXES = '/apis/apps.emqx.io/v2beta1/namespaces/space/emqxes'
const PODS = '/api/v1/namespaces/space/pods'
const SERVICE = '/api/v1/namespaces/space/services/emqx-listeners'
const SECRET = '/api/v1/namespaces/space/secrets/emqx-bootstrap-api-key'
const DEPLOYMENTS = '/apis/apps/v1/deployments'
/** Every pod of a cluster listens on the same port, so each run of this file has an address of its own. */
const POD_IP = `127.77.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`

const json = (body: object): Answer => ({ body: JSON.stringify(body) })

const emqx = () => recorded('v2beta1-2.2.29-b-s1.cr').findLast(({ type }) => type === 'MODIFIED')!.object

const pod = {
  metadata: {
    name: 'emqx-core-7d54849c54-0',
    labels: { 'apps.emqx.io/db-role': 'core' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'emqx-core-7d54849c54', uid: 'u' }],
  },
  status: { podIP: POD_IP, conditions: [{ type: 'Ready', status: 'True' }] },
}

const SERVICES = SERVICE.slice(0, SERVICE.lastIndexOf('/'))

const deployment = (image: string, name = 'emqx-operator-controller-manager', replicas?: number) => ({
  metadata: { name, namespace: 'emqx-operator-system' },
  spec: { replicas, template: { spec: { containers: [{ image: 'proxy:1' }, { image }] } } },
})

const service = {
  metadata: { name: 'emqx-listeners' },
  spec: {
    type: 'NodePort',
    clusterIP: '10.96.0.9',
    ports: [{ name: 'tcp-default', port: 1883, nodePort: 32010 }],
  },
}

const server = (): Answers => ({
  [EMQXES]: listOf(emqx()),
  [`${EMQXES}/emqx`]: json(emqx()),
  [PODS]: listOf(pod),
  [SERVICE]: json(service),
  [SECRET]: json({
    metadata: { name: 'emqx-bootstrap-api-key' },
    data: { bootstrap_api_key: Buffer.from('emqx-operator-controller:p4ssw0rd').toString('base64') },
  }),
  [DEPLOYMENTS]: listOf(deployment('emqx/emqx-operator-controller:2.2.29')),
  '/api/v1/nodes': listOf({
    metadata: { name: 'n' },
    status: { addresses: [{ type: 'InternalIP', address: '172.18.0.2' }] },
  }),
})

const node = () => ({
  '/api/v5/nodes': sample('v5_nodes_enterprise.json'),
  '/api/v5/license': sample('v5_license.json'),
  '/api/v5/prometheus/stats': sample('v5_prometheus_node_3000.txt'),
})

async function discovered(
  answers: Answers = {},
  {
    emqxAnswers = node(),
    password = 'p4ssw0rd',
    closedMetrics = false,
    options = {} as Partial<ClusterOptions>,
  } = {},
): Promise<Discovery> {
  const emqxNode = await serveNode(POD_IP, emqxAnswers, { password, closedMetrics })
  try {
    return await apiServer({ ...server(), ...answers }, async ({ kubeconfig }) => {
      const cluster = await openCluster({ kubeconfig, ...options })
      try {
        return await discover(cluster)
      } finally {
        await cluster.close()
      }
    })
  } finally {
    await emqxNode.close()
  }
}

test('everything that a cluster has to say', async () => {
  const found = await discovered()
  assert.is(found.dialect.id, 'v2beta1')
  assert.is(found.name, 'emqx')
  assert.is(found.version, '5.8.7')
  assert.is(found.strategy.replicas, 3)
  assert.equal(found.operator, {
    line: '2.2.29',
    deployment: { namespace: 'emqx-operator-system', name: 'emqx-operator-controller-manager' },
    how: 'image emqx/emqx-operator-controller:2.2.29 of Deployment emqx-operator-system/emqx-operator-controller-manager',
    known: true,
  })
  assert.is(found.route.found, 'pods')
  assert.equal(found.credentials, {
    found: { username: 'emqx-operator-controller' },
    how: 'Secret emqx-bootstrap-api-key',
  })
  assert.equal(found.emqx.found, { version: '5.8.9', edition: 'enterprise', sessions: 0 })
  assert.is(found.evacuation.found, true)
  assert.is(found.licence.found?.most, 25)
  assert.equal(found.service.found?.addresses, [
    { kind: 'nodePort', host: '172.18.0.2', port: 32010 },
    { kind: 'clusterIP', host: '10.96.0.9', port: 1883 },
  ])
  assert.equal(
    found.service.found?.missing.map(({ kind }) => kind),
    ['loadBalancer', 'externalIP'],
  )
  const { metrics } = found
  assert.equal([metrics.found?.port, metrics.found?.path], [18083, '/api/v5/prometheus/stats?mode=node'])
  assert.is(metrics.found?.authentication, 'none')
  assert.is(metrics.found?.liveConnections, true)
  assert.ok(metrics.found?.names.includes('emqx_session_takenover'))
  assert.not.match(JSON.stringify(found), /p4ssw0rd/)
})

test('metrics that ask who one is', async () => {
  const { metrics } = await discovered({}, { closedMetrics: true })
  assert.is(metrics.found?.authentication, 'credentials')
})

test('an operator of an unknown line, several, none, and one that the user knows better', async () => {
  const operator = async (answer: Answer, options: Partial<ClusterOptions> = {}) =>
    (await discovered({ [DEPLOYMENTS]: answer }, { options })).operator
  const newer = listOf(deployment('emqx/emqx-operator:2.3.1'))
  assert.equal([(await operator(newer)).line, (await operator(newer)).known], ['2.3.1', false])
  const two = await operator(
    listOf(deployment('emqx/emqx-operator:2.2.1'), deployment('emqx/emqx-operator:2.2.29', 'other')),
  )
  assert.is(two.line, undefined)
  assert.match(two.how, /several EMQX Operators: .*2\.2\.1.*2\.2\.29/)
  const none = await operator(listOf(deployment('some/controller:1.0.0')))
  assert.is(none.known, false)
  assert.match(none.how, /no Deployment of an EMQX Operator/)
  const hidden = await operator(refusal(403, 'Forbidden', 'no'))
  assert.match(hidden.how, /visible to this user, which may not list Deployments/)
  const mine = await discovered({
    [DEPLOYMENTS]: refusal(403, 'Forbidden', 'no'),
    '/apis/apps/v1/namespaces/space/deployments': listOf(deployment('emqx/emqx-operator:2.2.29')),
  })
  assert.is(mine.operator.line, '2.2.29', 'the namespace that may be looked into is')
  assert.equal(await operator(newer, { operator: '2.2.29' }), {
    line: '2.2.29',
    how: 'set by the user',
    known: true,
  })
})

test('an operator that is scaled to nothing does nothing', async () => {
  const idle = deployment('emqx/emqx-operator:2.1.2', 'old', 0)
  const operator = async (...all: object[]) => (await discovered({ [DEPLOYMENTS]: listOf(...all) })).operator
  assert.is((await operator(idle, deployment('emqx/emqx-operator:2.2.29', 'new', 1))).line, '2.2.29')
  const { line, how } = await operator(idle)
  assert.is(line, undefined)
  assert.match(how, /no Deployment of an EMQX Operator that has replicas/)
})

test('the open-source edition cannot evacuate before 5.9', async () => {
  const evacuation = async (version: string, edition: string) =>
    (
      await discovered(
        {},
        {
          emqxAnswers: {
            ...node(),
            '/api/v5/nodes': JSON.stringify([{ node: 'a', node_status: 'running', version, edition }]),
          },
        },
      )
    ).evacuation
  assert.equal(await evacuation('5.8.9', 'Opensource'), {
    found: false,
    how: 'EMQX 5.8.9 of the open-source edition has no evacuation (before 5.9)',
  })
  assert.is((await evacuation('5.8.9', 'Enterprise')).found, true)
  assert.is((await evacuation('5.10.0', 'Opensource')).found, true)
  assert.is((await evacuation('5.0.3', 'Enterprise')).found, false)
})

test('what is not known is told with its reason', async () => {
  const unready = await discovered({ [PODS]: listOf({ ...pod, status: { podIP: POD_IP } }) })
  for (const one of [unready.emqx, unready.licence, unready.metrics, unready.route, unready.evacuation])
    assert.match(one.found === undefined ? one.why : '', /none of the 1 pods of emqx is ready/)
  const stranger = await discovered({}, { password: 'changed' })
  assert.match(
    stranger.emqx.found === undefined ? stranger.emqx.why : '',
    /EMQX on pod emqx-core-7d54849c54-0 does not accept user "emqx-operator-controller" \(Secret emqx-bootstrap-api-key\): 401/,
  )
  assert.is(stranger.metrics.found?.authentication, 'none', 'metrics are open to anybody')
  const unserved = await discovered({
    [SERVICE]: refusal(404, 'NotFound', 'services "emqx-listeners" not found'),
  })
  assert.match(unserved.service.found === undefined ? unserved.service.why : '', /emqx-listeners.*not found/)
  const keyless = await discovered({ [SECRET]: refusal(403, 'Forbidden', 'no') })
  assert.match(keyless.credentials.found === undefined ? keyless.credentials.why : '', /may not read Secret/)
  assert.match(keyless.emqx.found === undefined ? keyless.emqx.why : '', /no credentials for EMQX's HTTP API/)
})

test('without the operator’s Service, those are named that lead to the pods for MQTT; the user’s own is read', async () => {
  const own = (name: string, more: object = {}) => ({
    metadata: { name },
    spec: { clusterIP: '10.96.0.8', ports: [{ name: 'mqtt', port: 1883 }], ...more },
  })
  const selector = { 'apps.emqx.io/db-role': 'core' }
  const answers = {
    [SERVICE]: refusal(404, 'NotFound', 'services "emqx-listeners" not found'),
    [SERVICES]: listOf(
      own('mqtt-public', { selector }),
      own('another', { selector: { 'apps.emqx.io/db-role': 'replicant' } }),
      own('dashboard', { selector, ports: [{ name: 'http', port: 80, targetPort: 18083 }] }),
      own('without-selector'),
    ),
    [`${SERVICES}/mqtt-public`]: json(own('mqtt-public', { selector })),
  }
  const { service: lacking } = await discovered(answers)
  assert.match(
    lacking.found === undefined ? lacking.why : '',
    /not found; mqtt-public leads to pods of this cluster$/,
  )
  const { service: named } = await discovered(answers, { options: { wayIn: { service: 'mqtt-public' } } })
  assert.equal(named.found?.addresses, [{ kind: 'clusterIP', host: '10.96.0.8', port: 1883 }])
})

test.run()
