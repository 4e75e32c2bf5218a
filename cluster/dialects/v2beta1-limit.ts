import type { ChangesLimit } from '../connection-limit.ts'
import { resources } from '../kubernetes/resources.ts'

interface Configured {
  spec?: { config?: { data?: string } }
}

const DYNAMIC = 'license.dynamic_max_connections'
const KEY = 'license.key'

/**
 * The operator gives a changed configuration to the running nodes, without a restart: the number where the licence lets the configuration say it,
 * else another licence (docs/contract/operations.md#connections).
 */
export const limitChange: ChangesLimit = (resource, limit, licence) => {
  const { data = '' } = (resource as Configured).spec?.config ?? {}
  const [name, value, shown] =
    licence === undefined
      ? [DYNAMIC, String(limit), String(limit)]
      : [KEY, JSON.stringify(licence.text), `"sha256:${licence.sha256}"`]
  return {
    resource: resources.emqxes,
    name: resource.metadata.name,
    patch: { spec: { config: { data: withLine(data, name, value) } } },
    shown: { [`${name} in spec.config.data`]: shown },
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
