import { createServer } from 'node:https'
import { unlessConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { clusterWide } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { listen } from '../../../runtime/listen.ts'
import { selfSigned } from '../../../tls/certificate.ts'
import type { LineSwitches } from '../../lines.ts'
import { type AdmissionReview, mutate, validate } from './validate.ts'

export const MUTATE_PATH = '/mutate-apps-emqx-io-v1beta4-emqxenterprise'
export const VALIDATE_PATH = '/validate-apps-emqx-io-v1beta4-emqxenterprise'

interface WebhookServer {
  url: string
  /** That API servers must trust. */
  certificate: string
  close(): Promise<void>
}

/** Answers AdmissionReviews on an address that the API server can reach; port 0 takes a free one. */
export async function startWebhookServer(
  host: string,
  port: number,
  line: LineSwitches,
): Promise<WebhookServer> {
  const { key, certificate } = selfSigned(host)
  const server = createServer({ key, cert: certificate }, (request, response) => {
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
    url: `https://${host}:${actual}`,
    certificate,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const RULES = [
  {
    apiGroups: ['apps.emqx.io'],
    apiVersions: ['v1beta4'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['emqxenterprises'],
    scope: '*',
  },
]

async function register(
  kube: KubeApi,
  kind: string,
  name: string,
  webhook: string,
  clientConfig: { url: string; caBundle: string },
) {
  const resource = clusterWide('admissionregistration.k8s.io/v1', kind)
  const wanted: KubeObject = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: [
      {
        name: webhook,
        clientConfig,
        rules: RULES,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        timeoutSeconds: 10,
      },
    ],
  }
  if (await unlessConflict(kube.create(resource, wanted))) return
  const existing = await kube.get(resource, undefined, name)
  await kube.replace(resource, { ...wanted, metadata: existing.metadata })
}

export async function registerWebhooks(
  kube: KubeApi,
  { url, certificate }: Pick<WebhookServer, 'url' | 'certificate'>,
): Promise<void> {
  const caBundle = Buffer.from(certificate).toString('base64')
  const name = (role: string) => `emqx-operator-${role}-webhook-configuration`
  const [mutator, validator] = ['mutator.enterprise.emqx.io', 'validator.enterprise.emqx.io']
  await register(kube, 'MutatingWebhookConfiguration', name('mutating'), mutator, {
    url: url + MUTATE_PATH,
    caBundle,
  })
  await register(kube, 'ValidatingWebhookConfiguration', name('validating'), validator, {
    url: url + VALIDATE_PATH,
    caBundle,
  })
}
