import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { createMissing } from '../../apply.ts'
import { apiKeySecret, cookieSecret } from '../objects/secrets.ts'
import type { Pass } from '../pass.ts'
import type { ApiKey } from '../types.ts'

async function text({ env, cr }: Pass, name: string, key: string): Promise<string> {
  const { namespace } = cr.metadata
  const { data } = await env.kube.get<KubeObject & { data?: Record<string, string> }>(
    resources.secrets,
    namespace,
    name,
  )
  return Buffer.from(data?.[key] ?? '', 'base64').toString()
}

/** The key as it is written down, or as the Secrets hold it that it names. One that cannot be read is left out. */
async function resolve(pass: Pass, key: ApiKey): Promise<{ key: string; secret: string }[]> {
  if (key.secretRef === undefined) return [{ key: key.key ?? '', secret: key.secret ?? '' }]
  const { key: name, secret } = key.secretRef
  try {
    return [
      {
        key: await text(pass, name.secretName, name.secretKey),
        secret: await text(pass, secret.secretName, secret.secretKey),
      },
    ]
  } catch {
    const message = 'the secret that bootstrapAPIKeys refers to cannot be read'
    pass.env.recorder.emit(pass.cr, 'Warning', 'GetBootStrapSecretRef', message)
    return []
  }
}

/** What nodes need before they start: a cookie and the keys of their API. Written once, never changed. */
export async function addBootstrap(pass: Pass): Promise<undefined> {
  const keys = await Promise.all((pass.cr.spec.bootstrapAPIKeys ?? []).map((key) => resolve(pass, key)))
  await createMissing(pass, cookieSecret(pass.cr, pass.config))
  await createMissing(pass, apiKeySecret(pass.cr, keys.flat()))
}
