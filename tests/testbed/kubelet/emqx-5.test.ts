import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Container, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { join } from '../emqx/support/raw-client.ts'
import { until } from '../emqx/support/until.ts'
import { bed, condition, NODE } from './support/bed.ts'

const SECRET = 'emqx-bootstrap-api-key'

/** A pod as the operator 2.2.29 makes it, but with a quicker probe. */
function emqxPod(name: string, role: 'core' | 'replicant', more: Container['env'] = []): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { 'apps.emqx.io/instance': 'emqx' } },
    spec: {
      nodeName: NODE,
      ...(role === 'core' && { hostname: name, subdomain: 'emqx-headless' }),
      containers: [
        {
          name: 'emqx',
          image: 'emqx/emqx-enterprise:5.8.6',
          ports: [{ name: 'dashboard', containerPort: 18083 }],
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'EMQX_CLUSTER__DNS__NAME', value: 'emqx-headless.default.svc.cluster.local' },
            role === 'core'
              ? { name: 'EMQX_HOST', value: '$(POD_NAME).$(EMQX_CLUSTER__DNS__NAME)' }
              : { name: 'EMQX_HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            { name: 'EMQX_NODE__ROLE', value: role },
            { name: 'EMQX_API_KEY__BOOTSTRAP_FILE', value: '"/opt/emqx/data/bootstrap_api_key"' },
            ...more,
          ],
          readinessProbe: {
            httpGet: { path: '/status', port: 'dashboard' },
            initialDelaySeconds: 1,
            periodSeconds: 1,
            failureThreshold: 12,
          },
          volumeMounts: [
            {
              name: 'bootstrap-api-key',
              mountPath: '/opt/emqx/data/bootstrap_api_key',
              subPath: 'bootstrap_api_key',
            },
            { name: 'emqx-core-data', mountPath: '/opt/emqx/data' },
          ],
        },
      ],
      volumes: [
        { name: 'emqx-core-data', emptyDir: {} },
        { name: 'bootstrap-api-key', secret: { secretName: SECRET } },
      ],
    },
  }
}

/** The bed of all tests, with the operator's Secret. */
async function bed5() {
  const made = await bed()
  const { kube, pods } = made
  await kube.create(resources.secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET, namespace: 'default' },
    data: { bootstrap_api_key: Buffer.from('emqx-operator-controller:s3cret').toString('base64') },
  })
  const ip = (name: string) => pods.latest(name)?.status?.podIP ?? ''
  return {
    ...made,
    condition: (name: string, type: string) => condition(pods.latest(name), type)?.status,
    ip,
    ask: (name: string, path: string) =>
      fetch(`http://${ip(name)}:18083${path}`, {
        headers: { authorization: `Basic ${btoa('emqx-operator-controller:s3cret')}`, connection: 'close' },
      }),
  }
}

test('cores and replicants form one cluster under their names, with the key from the Secret', async () => {
  const { kube, ip, condition, ask, close } = await bed5()
  const core = 'emqx-core-86f8cc759-0'
  const replicant = 'emqx-replicant-7b69c5db9-x2k4p'
  await kube.create(resources.pods, emqxPod(core, 'core'))
  await kube.create(resources.pods, emqxPod(replicant, 'replicant'))
  for (const name of [core, replicant]) await until(() => condition(name, 'ContainersReady') === 'True')
  const answer = await ask(core, '/api/v5/nodes')
  assert.is(answer.status, 200)
  const rows = (await answer.json()) as { node: string; role: string; version: string; edition: string }[]
  assert.equal(
    rows.map(({ node, role, version, edition }) => `${node} ${role} ${version} ${edition}`).sort(),
    [
      `emqx@${ip(replicant)} replicant 5.8.6 Enterprise`,
      `emqx@${core}.emqx-headless.default.svc.cluster.local core 5.8.6 Enterprise`,
    ].sort(),
  )
  const client = await join(ip(replicant), { clientId: 'c' })
  assert.is(client.of('connack')[0]!.reasonCode, 0)
  await close()
})

test('ContainersReady comes with the answer of the probe, not with the start', async () => {
  const { kube, pods, condition, close } = await bed5()
  const name = 'emqx-core-86f8cc759-0'
  await kube.create(resources.pods, emqxPod(name, 'core'))
  await until(() => condition(name, 'ContainersReady') === 'True')
  const seen = pods.seen
    .filter(({ object }) => object.status?.phase === 'Running')
    .map(({ object }) => object.status!.conditions!.find(({ type }) => type === 'ContainersReady')!.status)
  assert.equal(seen, ['False', 'True'])
  await close()
})

test("a container's variable lowers what its licence admits", async () => {
  const { kube, condition, ask, close } = await bed5()
  const name = 'emqx-core-86f8cc759-0'
  await kube.create(resources.pods, emqxPod(name, 'core', [{ name: 'WEIR_LICENSE_MAX', value: '25' }]))
  await until(() => condition(name, 'ContainersReady') === 'True')
  const license = (await (await ask(name, '/api/v5/license')).json()) as { max_sessions: number }
  assert.is(license.max_sessions, 25)
  await close()
})

test.run()
