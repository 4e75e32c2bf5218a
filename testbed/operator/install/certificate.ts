import type { Deployment } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { selfSigned } from '../../tls/certificate.ts'

interface ServiceReference {
  namespace: string
  name: string
}

interface WithClientConfig {
  clientConfig?: { service?: ServiceReference; caBundle?: string }
}

/** The webhooks that an object registers, those of conversions included. */
function webhooksOf(object: KubeObject): WithClientConfig[] {
  if (object.kind === 'CustomResourceDefinition') {
    const { conversion } = object.spec as { conversion?: { webhook?: WithClientConfig } }
    return conversion?.webhook === undefined ? [] : [conversion.webhook]
  }
  if (!object.kind?.endsWith('WebhookConfiguration')) return []
  return (object.webhooks as WithClientConfig[] | undefined) ?? []
}

/**
 * Stands in for cert-manager: where the operator mounts a certificate that no manifest brings, makes one for the Services of its
 * webhooks, and has the webhooks trust it. Objects of cert-manager are taken out. Changes `objects`.
 */
export function addCertificate(objects: KubeObject[], deployment: Deployment): void {
  const { namespace } = deployment.metadata
  const secretNames = new Set(
    objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name),
  )
  const missing = (deployment.spec.template.spec.volumes ?? [])
    .map(({ secret }) => secret?.secretName)
    .filter((name) => name !== undefined && !secretNames.has(name))
  const untrusted = objects
    .flatMap(webhooksOf)
    .filter(({ clientConfig }) => clientConfig?.service && !clientConfig.caBundle)
  const services = untrusted.map(({ clientConfig }) => clientConfig!.service!)
  const hosts = services.flatMap(({ name, namespace: home }) => [
    `${name}.${home}.svc`,
    `${name}.${home}.svc.cluster.local`,
  ])
  const { key, certificate } = selfSigned(...new Set(hosts))
  for (const name of missing)
    objects.push({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: name!, ...(namespace !== undefined && { namespace }) },
      stringData: { 'tls.crt': certificate, 'tls.key': key, 'ca.crt': certificate },
    })
  const caBundle = Buffer.from(certificate).toString('base64')
  for (const webhook of untrusted) webhook.clientConfig!.caBundle = caBundle
  const kept = objects.filter(({ apiVersion }) => !apiVersion?.startsWith('cert-manager.io/'))
  objects.splice(0, objects.length, ...kept)
}
