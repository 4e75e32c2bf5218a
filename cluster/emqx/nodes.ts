import type { NodesEvent } from '#weir/facts/index.ts'
import type { EmqxAbout } from '../types.ts'
import { EmqxApiError } from './api-error.ts'

type Node = NodesEvent['nodes'][number]

function readOne(raw: unknown): Node | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const one = raw as Record<string, unknown>
  const node = one.node ?? one.name
  if (typeof node !== 'string' || typeof one.node_status !== 'string') return undefined
  return {
    node,
    running: one.node_status.toLowerCase() === 'running',
    version: typeof one.version === 'string' ? one.version : '',
    ...(typeof one.connections === 'number' ? { connections: one.connections } : {}),
    ...(typeof one.live_connections === 'number' ? { liveConnections: one.live_connections } : {}),
  }
}

/**
 * Members of an EMQX cluster as `GET /nodes` and the operator's status list them. A stopped member of EMQX 4.4 carries
 * its name under `name` and has no version (docs/contract/emqx.md#nodes-api); status words differ in case between majors.
 */
export function readNodes(raw: unknown[]): Node[] {
  return raw.flatMap((entry) => readOne(entry) ?? [])
}

export const namesOfRunning = (nodes: readonly Pick<Node, 'node' | 'running'>[]): string[] =>
  nodes.filter(({ running }) => running).map(({ node }) => node)

const byVersion = new Intl.Collator('en', { numeric: true })

/** Version and edition of the running members: the oldest version, and open source if any member is. */
export function aboutNodes(raw: unknown[]): EmqxAbout {
  const running = readNodes(raw).filter((node) => node.running)
  const versions = running.map(({ version }) => version).sort(byVersion.compare)
  const [version] = versions.filter((one) => one !== '')
  if (version === undefined) throw new EmqxApiError('GET nodes: no running member reports its version', 200)
  const editions = raw.flatMap((one) => {
    const { edition } = (one ?? {}) as { edition?: unknown }
    return typeof edition === 'string' ? [edition.toLowerCase()] : []
  })
  const edition = editions.includes('opensource')
    ? ('opensource' as const)
    : editions.includes('enterprise')
      ? ('enterprise' as const)
      : undefined
  return {
    version,
    ...(edition === undefined ? {} : { edition }),
    sessions: running.reduce((sum, { connections = 0 }) => sum + connections, 0),
  }
}
