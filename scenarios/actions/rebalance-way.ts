/** How a rebalance is asked for. */
export interface RebalanceWayIn {
  /** In words, e.g. "by Rebalance default/weir-rebalance-emqx". */
  by: string
  why: string
  /** What is sent, to the letter. */
  body: object
  /** The pod or object that it is sent to. */
  via: string
  /** Rejects with EMQX's or the operator's words where it does not begin. */
  begin(): Promise<void>
  /** What the operator says of it; undefined where no operator is asked. */
  read(): Promise<{ name: string; phase: string; message?: string } | undefined>
  /** Whether EMQX may have it under way: from before it is sent, as an answer may be lost, until EMQX lists none. */
  mayRun: boolean
  /** The EMQX node that coordinates it, where weir has chosen it. */
  coordinator?: string
  /** Deletes what was made in the cluster. Rejects where it stays, with the reason. */
  remove?(end: RebalanceEnd): Promise<void>
  /** What the user must do where that fails. */
  todo?: string
}

export interface RebalanceEnd {
  /** For all that is waited for. */
  limitMs: number
  /** EMQX has nothing under way. */
  isStopped: boolean
  signal: AbortSignal
}
