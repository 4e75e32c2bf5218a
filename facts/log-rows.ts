/**
 * logs.ndjson: what EMQX printed in each pod, one line of it a line, without secrets; and what is not in the file, so that nothing is
 * missing without a word. `t` is when weir got to know it.
 */
export type LogRow = LogLineRow | LogStartRow | LogEndRow | LogGapRow | LogOmittedRow

export type LogRowType = LogRow['type']

interface OfContainer {
  t: number
  pod: string
  container: string
}

/** One line. */
export interface LogLineRow extends OfContainer {
  type: 'line'
  /** When the container's runtime got it, by the clock of the Kubernetes node: RFC 3339. */
  at: string
  text: string
  /** Bytes of a long line that were left out behind `text`. */
  cutBytes?: number
}

/** From here on the log is followed, from its beginning or that of the run. */
export interface LogStartRow extends OfContainer {
  type: 'start'
}

/** The log was read to its end: the pod is gone. */
export interface LogEndRow extends OfContainer {
  type: 'end'
}

/** Lines may be missing, from the last one before this row until `t`. */
export interface LogGapRow extends OfContainer {
  type: 'gap'
  why: string
}

/** So many lines of this pod were left out so far, since the file had reached its limit. The last row of a pod counts. */
export interface LogOmittedRow extends OfContainer {
  type: 'omitted'
  lines: number
  /** What their rows would have taken in the file. */
  bytes: number
}
