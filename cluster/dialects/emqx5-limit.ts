import type { ChangesLimit } from '../connection-limit.ts'
import type { Resource } from '../kubernetes/types.ts'

interface Configured {
  spec?: { config?: { data?: string; roots?: object } }
}

const DYNAMIC = 'dynamic_max_connections'
const KEY = 'key'

/**
 * The operator gives a changed configuration to the running nodes, without a restart: the number where the licence lets the configuration say it,
 * else another licence (docs/contract/operations.md#connections).
 */
export const limitOf =
  (kind: Resource): ChangesLimit =>
  (resource, limit, licence) => {
    const { data = '', roots } = (resource as Configured).spec?.config ?? {}
    const [field, value, shown] =
      licence === undefined
        ? ([DYNAMIC, limit, String(limit)] as const)
        : ([KEY, licence.text, `"sha256:${licence.sha256}"`] as const)
    const name = `license.${field}`
    const config = roots
      ? { roots: { license: { [field]: value } } }
      : { data: withLine(data, name, JSON.stringify(value)) }
    return {
      resource: kind,
      name: resource.metadata.name,
      patch: { spec: { config } },
      shown: { [`${name} in spec.config.${roots ? 'roots' : 'data'}`]: shown },
    }
  }

/** The configuration with this setting as its last line: in HOCON a later key wins. One of an earlier operation goes. */
function withLine(data: string, name: string, value: string): string {
  const kept = data.split('\n').filter((line) => !line.startsWith(`${name} = `))
  while (kept.at(-1)?.trim() === '') kept.pop()
  const text = kept.join('\n')
  const end = /^\s*\{/.test(text) ? text.lastIndexOf('}') : -1
  if (end > 0) return `${text.slice(0, end)}\n${name} = ${value}\n${text.slice(end)}\n`
  return [...kept, `${name} = ${value}`, ''].join('\n')
}
