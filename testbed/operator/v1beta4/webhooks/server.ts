import { createServer } from 'node:https'
import { unlessConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { clusterWide } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { listen } from '../../../runtime/listen.ts'
import { selfSigned } from '../../../tls/certificate.ts'
import type { LineSwitches } from '../../lines.ts'
import type { Rebalance } from '../../rebalance/types.ts'
import { REBALANCE_PATH } from '../../rebalance/webhook.ts'
import { type AdmissionReview, mutate, validate, validateRebalance } from './validate.ts'

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
        const review = () => JSON.parse(Buffer.concat(chunks).toString())
        if (path === MUTATE_PATH) reply(200, mutate(review() as AdmissionReview, line))
        else if (path === VALIDATE_PATH) reply(200, validate(review() as AdmissionReview))
        else if (path === REBALANCE_PATH)
          reply(200, validateRebalance(review() as AdmissionReview<Rebalance>))
        else reply(404, { message: `no webhook at ${path}` })
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

const rulesFor = (version: string, resource: string) => [
  {
    apiGroups: ['apps.emqx.io'],
    apiVersions: [version],
    operations: ['CREATE', 'UPDATE'],
    resources: [resource],
    scope: '*',
  },
]

interface Webhook {
  name: string
  path: string
  rules: ReturnType<typeof rulesFor>
}

async function register(
  kube: KubeApi,
  kind: string,
  name: string,
  webhooks: readonly Webhook[],
  server: { url: string; caBundle: string },
) {
  const resource = clusterWide('admissionregistration.k8s.io/v1', kind)
  const wanted: KubeObject = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: webhooks.map(({ name, path, rules }) => ({
      name,
      clientConfig: { url: server.url + path, caBundle: server.caBundle },
      rules,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      timeoutSeconds: 10,
    })),
  }
  if (await unlessConflict(kube.create(resource, wanted))) return
  const existing = await kube.get(resource, undefined, name)
  await kube.replace(resource, { ...wanted, metadata: existing.metadata })
}

export async function registerWebhooks(
  kube: KubeApi,
  { url, certificate }: Pick<WebhookServer, 'url' | 'certificate'>,
  line: LineSwitches,
): Promise<void> {
  const caBundle = Buffer.from(certificate).toString('base64')
  const name = (role: string) => `emqx-operator-${role}-webhook-configuration`
  const enterprises = rulesFor('v1beta4', 'emqxenterprises')
  const server = { url, caBundle }
  await register(
    kube,
    'MutatingWebhookConfiguration',
    name('mutating'),
    [{ name: 'mutator.enterprise.emqx.io', path: MUTATE_PATH, rules: enterprises }],
    server,
  )
  const rebalances: Webhook = {
    name: 'validator.rebalance.emqx.io',
    path: REBALANCE_PATH,
    rules: rulesFor('v2beta1', 'rebalances'),
  }
  await register(
    kube,
    'ValidatingWebhookConfiguration',
    name('validating'),
    [
      { name: 'validator.enterprise.emqx.io', path: VALIDATE_PATH, rules: enterprises },
      ...(line.serves.includes('v2beta1') ? [rebalances] : []),
    ],
    server,
  )
}
