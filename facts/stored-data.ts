/** How much a broker keeps for clients that are not connected. */
export interface StoredCounts {
  /** Retained messages. */
  retained: number
  /** Sessions of clients that are away. */
  sessions: number
  /** Messages that wait for those clients. */
  queued: number
}

/**
 * What EMQX was given to keep (`stored`), or gave back when it was asked for it (`found`). It is no client's of the fleet: the sessions
 * of those are in their CONNACKs, and their messages in the ledger.
 */
export interface StoredDataEvent extends StoredCounts {
  t: number
  type: 'stored-data'
  phase: 'stored' | 'found'
  /** False when the broker could not be asked for all of it: what is missing may be there. */
  complete: boolean
  /** Why it is not complete. */
  error?: string
  /** The first topics and client ids of what was stored and not found, at most 8. */
  missing?: string[]
}
