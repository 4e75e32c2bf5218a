import { randomBytes } from 'node:crypto'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { at, type HoconObject } from '../hocon/value.ts'
import { API_USER, apiKeyName, cookieName } from '../names.ts'
import type { Emqx } from '../types.ts'
import { metadataOf } from './metadata.ts'

const random = () => randomBytes(32).toString('hex')
const encoded = (text: string) => Buffer.from(text).toString('base64')

function secret(cr: Emqx, name: string, key: string, text: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(cr, name),
    type: 'Opaque',
    data: { [key]: encoded(text) },
  }
}

/** What lets nodes into the cluster: from the configuration, or made up. */
export function cookieSecret(cr: Emqx, config: HoconObject): KubeObject {
  const cookie = at(config, 'node', 'cookie')
  return secret(
    cr,
    cookieName(cr.metadata.name),
    'node_cookie',
    typeof cookie === 'string' ? cookie : random(),
  )
}

/** Keys of EMQX's API, `key:secret` a line; the last is the operator's own. */
export function apiKeySecret(cr: Emqx, keys: { key: string; secret: string }[]): KubeObject {
  const lines = [...keys, { key: API_USER, secret: random() }].map((one) => `${one.key}:${one.secret}`)
  return secret(cr, apiKeyName(cr.metadata.name), 'bootstrap_api_key', lines.join('\n'))
}
