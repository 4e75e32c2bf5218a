import { isConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { MUTATE_PATH, VALIDATE_PATH } from './server.ts'

const configuration = (kind: string, plural: string): Resource => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural,
  kind,
  namespaced: false,
})
const MUTATING = configuration('MutatingWebhookConfiguration', 'mutatingwebhookconfigurations')
const VALIDATING = configuration('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations')

const RULES = [
  {
    apiGroups: ['apps.emqx.io'],
    apiVersions: ['v1beta4'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['emqxenterprises'],
    scope: '*',
  },
]

const object = (resource: Resource, name: string, webhook: string, url: string): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: resource.kind,
  metadata: { name },
  webhooks: [
    {
      name: webhook,
      clientConfig: { url },
      rules: RULES,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      timeoutSeconds: 10,
    },
  ],
})

async function write(kube: KubeApi, resource: Resource, wanted: KubeObject): Promise<void> {
  try {
    await kube.create(resource, wanted)
  } catch (error) {
    if (!isConflict(error)) throw error
    const existing = await kube.get(resource, undefined, wanted.metadata.name)
    await kube.replace(resource, { ...wanted, metadata: existing.metadata })
  }
}

/** Registers the webhooks for EmqxEnterprise. */
export async function registerWebhooks(kube: KubeApi, url: string): Promise<void> {
  await write(
    kube,
    MUTATING,
    object(
      MUTATING,
      'emqx-operator-mutating-webhook-configuration',
      'mutator.enterprise.emqx.io',
      url + MUTATE_PATH,
    ),
  )
  await write(
    kube,
    VALIDATING,
    object(
      VALIDATING,
      'emqx-operator-validating-webhook-configuration',
      'validator.enterprise.emqx.io',
      url + VALIDATE_PATH,
    ),
  )
}
