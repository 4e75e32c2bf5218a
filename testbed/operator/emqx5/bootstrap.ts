import { randomBytes } from 'node:crypto'
import type { Secret } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { at, type HoconObject } from '#weir/facts/hocon.ts'
import { createMissing } from '../apply.ts'
import type { OperatorEnvironment } from '../runtime/reconciler.ts'
import { API_USER, apiKeyName, cookieName, metadataOf } from './names.ts'
import type { ApiKey, Emqx5 } from './types.ts'

/** What the Secrets are made from. */
interface Pass {
  env: OperatorEnvironment
  cr: Emqx5
  config: HoconObject
}

async function text({ env, cr }: Pass, name: string, key: string): Promise<string> {
  const { namespace } = cr.metadata
  const { data } = await env.kube.get<Secret>(resources.secrets, namespace, name)
  return Buffer.from(data?.[key] ?? '', 'base64').toString()
}

/** The key itself, or the one in the Secrets that it refers to; none when these cannot be read. */
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

const random = () => randomBytes(32).toString('hex')
const encoded = (text: string) => Buffer.from(text).toString('base64')

function secret(cr: Emqx5, name: string, key: string, text: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(cr, name),
    type: 'Opaque',
    data: { [key]: encoded(text) },
  }
}

/** The Erlang cookie: from the configuration, or random. */
function cookieSecret(cr: Emqx5, config: HoconObject): KubeObject {
  const cookie = at(config, 'node', 'cookie')
  return secret(
    cr,
    cookieName(cr.metadata.name),
    'node_cookie',
    typeof cookie === 'string' ? cookie : random(),
  )
}

/** Keys of EMQX's API, `key:secret` a line; the last is the operator's own. */
function apiKeySecret(cr: Emqx5, keys: { key: string; secret: string }[]): KubeObject {
  const lines = [...keys, { key: API_USER, secret: random() }].map((one) => `${one.key}:${one.secret}`)
  return secret(cr, apiKeyName(cr.metadata.name), 'bootstrap_api_key', lines.join('\n'))
}
