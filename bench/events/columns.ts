import type { ClientBatch } from '../types.ts'
import { KINDS, REASONS } from './words.ts'

/** A client that came with an empty id, and the one that its server gave it (MQTT 5 §3.2.2.3.7). */
export interface AssignedId {
  client: number
  id: string
}

/** The numeric part of a batch: what crosses threads. The words are the same for all and stay where they are. */
export interface Columns
  extends Pick<
    ClientBatch,
    'length' | 't' | 'client' | 'kind' | 'reason' | 'code' | 'sessionPresent' | 'target'
  > {
  /** Targets beyond the spec's that this shard's clients were referred to so far; `target` counts on behind the spec's. */
  moreTargets?: readonly string[]
  /** Since the batch before. */
  assignedIds?: readonly AssignedId[]
}

export function makeColumns(rows: number): Columns {
  return {
    length: 0,
    t: new Float64Array(rows),
    client: new Uint32Array(rows),
    kind: new Uint8Array(rows),
    reason: new Uint16Array(rows),
    code: new Int16Array(rows),
    sessionPresent: new Int8Array(rows),
    target: new Uint16Array(rows),
  }
}

/** A copy of the filled rows, each column as long as the batch. */
export function filledRows(columns: Columns): Columns {
  const { length } = columns
  return {
    length,
    t: columns.t.slice(0, length),
    client: columns.client.slice(0, length),
    kind: columns.kind.slice(0, length),
    reason: columns.reason.slice(0, length),
    code: columns.code.slice(0, length),
    sessionPresent: columns.sessionPresent.slice(0, length),
    target: columns.target.slice(0, length),
  }
}

export function transferables(columns: Columns): ArrayBuffer[] {
  return [
    columns.t,
    columns.client,
    columns.kind,
    columns.reason,
    columns.code,
    columns.sessionPresent,
    columns.target,
  ].map((column) => column.buffer as ArrayBuffer)
}

/** A batch as the fleet's owner gets it; `targets` are the spec's. */
export function withWords(
  { moreTargets, assignedIds: _, ...columns }: Columns,
  targets: readonly string[],
): ClientBatch {
  return {
    ...columns,
    kinds: KINDS,
    reasons: REASONS,
    targets: moreTargets ? [...targets, ...moreTargets] : targets,
  }
}
