import type { Plan } from '#weir/preflight/index.ts'

/** What is unusual about a run on the user's own cluster, for the top of every report. */
export function ownClusterNotes({ discovery, notAsked, otherClients }: Plan): string[] {
  const { dialect, namespace, name, server, operator } = discovery
  const line =
    operator.line === undefined ? 'an EMQX Operator of an unknown line' : `EMQX Operator ${operator.line}`
  const notes = [
    `The user's own cluster: ${dialect.kind} ${namespace}/${name} on ${server}, ${line} (${operator.how}).`,
  ]
  if (otherClients)
    notes.push(`${otherClients} clients that are not weir's were connected when the run began.`)
  for (const { id, why } of notAsked) notes.push(`Not applicable on this cluster: ${id}, because ${why}.`)
  return notes
}
