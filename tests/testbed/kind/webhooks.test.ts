import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { webhooksAnswer } from '#weir/testbed/kind/webhooks.ts'

const objects = [
  {
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'mutating' },
    webhooks: [
      {
        rules: [
          {
            operations: ['CREATE', 'UPDATE'],
            apiGroups: ['apps.emqx.io'],
            apiVersions: ['v1beta4'],
            resources: ['emqxenterprises'],
          },
          { operations: ['DELETE'], apiGroups: ['apps.emqx.io'], apiVersions: ['v1'], resources: ['others'] },
        ],
      },
    ],
  },
  { kind: 'Deployment', metadata: { name: 'operator' } },
] as KubeObject[]

test('nothing goes on before the API server reaches the webhooks, and nothing is stored', async () => {
  const sent: { path: string; body: unknown }[] = []
  const kube = {
    async raw(method: string, path: string, body: unknown) {
      if (method === 'GET')
        return {
          status: 200,
          body: { resources: [{ name: 'emqxenterprises', kind: 'EmqxEnterprise' }] },
        }
      sent.push({ path, body })
      const message =
        sent.length < 3
          ? 'Internal error occurred: failed calling webhook "mutating.enterprise.emqx.io": connection refused'
          : 'admission webhook "validator.enterprise.emqx.io" denied the request: spec is empty'
      return { status: 500, body: { message } }
    },
  } as unknown as KubeApi
  await webhooksAnswer(kube, objects)
  assert.is(sent.length, 3)
  for (const { path, body } of sent) {
    assert.is(path, '/apis/apps.emqx.io/v1beta4/namespaces/default/emqxenterprises?dryRun=All')
    const { apiVersion, kind } = body as KubeObject
    assert.equal([apiVersion, kind], ['apps.emqx.io/v1beta4', 'EmqxEnterprise'])
  }
})

test('an operator without webhooks is not waited for', async () => {
  await webhooksAnswer({} as KubeApi, [objects[1]!])
})

test.run()
