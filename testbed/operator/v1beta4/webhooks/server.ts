import { createServer } from 'node:http'
import { isConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { listen } from '../../../runtime/listen.ts'
import type { LineSwitches } from '../../lines.ts'
import { type AdmissionReview, mutate, validate } from './validate.ts'

export const MUTATE_PATH = '/mutate-apps-emqx-io-v1beta4-emqxenterprise'
export const VALIDATE_PATH = '/validate-apps-emqx-io-v1beta4-emqxenterprise'

/** Answers AdmissionReviews on an address that the API server can reach; port 0 takes a free one. */
export async function startWebhookServer(
  host: string,
  port: number,
  line: LineSwitches,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const reply = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      }
      try {
        const path = request.url?.split('?')[0]
        if (path !== MUTATE_PATH && path !== VALIDATE_PATH)
          return reply(404, { message: `no webhook at ${path}` })
        const review = JSON.parse(Buffer.concat(chunks).toString()) as AdmissionReview
        reply(200, path === MUTATE_PATH ? mutate(review, line) : validate(review))
      } catch (error) {
        reply(400, { message: messageOf(error) })
      }
    })
  })
  await listen(server, host, port, "the operator's webhooks")
  const address = server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

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
