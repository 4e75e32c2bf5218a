import type { StoredCounts } from '#weir/facts/index.ts'
import type { ClientAccess, Target } from '../types.ts'

/** What a broker is to keep while its cluster changes. */
export interface StoredDataSpec {
  target: Target
  access?: ClientAccess | undefined
  /** Retained messages. */
  retained: number
  /** Sessions of clients that go away. */
  sessions: number
  /** Messages that then wait for each of them. */
  queuedEach: number
  /** How long one client may take, from its connect to its last answer. */
  timeoutMs: number
  /** Nothing more comes when nothing has come for this long. Default: 5000. */
  quietMs?: number
}
export interface FoundData extends StoredCounts {
  /** The first topics and client ids of what was not found, at most 8. */
  missing: string[]
}
export interface StoredData {
  /** Asks for all of it, as its clients. Rejects when the broker does not answer. */
  find(): Promise<FoundData>
  /** Leaves nothing of it on the broker. */
  clear(): Promise<void>
}
/** Rejects when the broker does not take it, with LeftOnBroker where a part of it could not be removed again. */
export type StoreData = (spec: StoredDataSpec) => Promise<StoredData>
