import type { NodesEvent } from '#weir/record/index.ts'

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
 * its name under `name` and has no version (contract/emqx.md §4); status words differ in case between majors.
 */
export function readNodes(raw: unknown[]): Node[] {
  return raw.flatMap((entry) => readOne(entry) ?? [])
}
