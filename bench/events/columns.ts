import {
  CLIENT_EVENT_REASONS,
  type ClientEventColumns,
  type ClientEvents,
} from '#weir/facts/client-events.ts'

/** A client that connected with an empty id, and the id that its server assigned (MQTT 5 §3.2.2.3.7). */
export interface AssignedId {
  client: number
  id: string
}

/** Client events as they cross threads: reasons are those of CLIENT_EVENT_REASONS and stay where they are. */
export interface Columns extends ClientEventColumns {
  /** Targets beyond the spec's that this shard's clients were referred to so far; `target` counts on behind the spec's. */
  moreTargets?: readonly string[]
  /** Since the batch before. */
  assignedIds?: readonly AssignedId[]
}

/** A batch as the fleet's owner gets it; `targets` are the spec's. */
export function withWords(
  { moreTargets = [], assignedIds: _, ...columns }: Columns,
  targets: readonly string[],
): ClientEvents {
  return { ...columns, reasons: CLIENT_EVENT_REASONS, targets: [...targets, ...moreTargets] }
}
