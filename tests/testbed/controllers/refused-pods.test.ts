/** A webhook that refuses pods, as the watches of a run see it: the API server's words in the controller's Event. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clusterWide, resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { Refusals } from '#weir/cluster/observe/refusals.ts'
import { eventually, startCluster, statefulSet } from './harness.ts'

const HOOKS = clusterWide('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration')

/** Refuses whatever it is asked about. */
async function refusing(): Promise<{ url: string; close(): void }> {
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const review = JSON.parse(Buffer.concat(chunks).toString()) as { request: { uid: string } }
    const status = { code: 403, reason: 'Forbidden', message: 'registry emqx is not allowed' }
    response.end(JSON.stringify({ ...review, response: { uid: review.request.uid, allowed: false, status } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const webhook = (url: string): KubeObject =>
  ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'policy' },
    webhooks: [
      {
        name: 'policy.example.com',
        clientConfig: { url },
        rules: [
          { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: '*' },
        ],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  }) as KubeObject

test('pods that a webhook refuses are told in its words, and no longer once it lets them in', async () => {
  const cluster = await startCluster()
  const hook = await refusing()
  const { kube } = cluster
  const refusals = new Refusals('EMQX')
  const told: (string | undefined)[] = []
  const hear = (resource: Resource, take: (object: KubeObject) => { why?: string }[]) =>
    kube.watch(
      resource,
      { namespace: 'default' },
      {
        onList() {},
        onEvent: (_type, object) => void told.push(...take(object).map(({ why }) => why)),
        onGap() {},
      },
    )
  const watches = [
    hear(resources.statefulSets, (object) => refusals.set('StatefulSet', object, false)),
    hear(resources.events, (object) => refusals.event(object, false)),
  ]
  try {
    await Promise.all(watches.map(({ ready }) => ready))
    await kube.create(HOOKS, webhook(hook.url))
    await kube.create(resources.statefulSets, statefulSet('green', 2))
    await eventually(async () => told[0], 'the refusal is told')
    assert.is(
      told[0],
      'admission webhook "policy.example.com" denied the request: registry emqx is not allowed',
    )
    await kube.delete(HOOKS, undefined, 'policy')
    await cluster.settled('green', (_set, pods) => pods.length === 2, 'both pods exist')
    await eventually(async () => (told.length === 2 ? true : undefined), 'it is over')
    assert.is(told[1], undefined)
  } finally {
    for (const watch of watches) watch.stop()
    hook.close()
    await cluster.close()
  }
})

test.run()
