import { hostOf } from './client-history.ts'
import type { Recording } from './recording.ts'

/** EMQX's name of a node that the recorder knew by its host. */
export function nodeNames(recording: Recording): (node: string) => string {
  const told = recording.nodes.flatMap(({ body }) => [
    ...(body?.session_recipients ?? []),
    ...(body?.recipients ?? []),
  ])
  const byHost = new Map(told.map((name) => [hostOf(name), name]))
  return (node) => (node.includes('@') ? node : (byHost.get(node) ?? `emqx@${node}`))
}
