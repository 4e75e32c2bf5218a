import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import type { RunSet } from '#weir/gate/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** All that a report is made from. A renderer is a pure function of it: the same record gives the same bytes. */
export interface Report {
  run: RunView
  verdict: Verdict
  /** The name of the record's folder, where the record has one. */
  folder?: string
  /** Runs of the same kind that this one is shown beside. */
  baseline?: RunSet
}

export type Renderer = (report: Report) => string
