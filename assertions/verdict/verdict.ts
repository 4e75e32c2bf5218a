import type { Figures } from '#weir/facts/index.ts'
import type { RecordFile } from '#weir/record/index.ts'

export type Outcome = 'pass' | 'fail' | 'inconclusive'

/** A part of the record that shows it. Times are nanoseconds since the record's zero. */
export interface Evidence {
  file: RecordFile
  fromT: number
  toT: number
  what: string
}

/** The result of one assertion for one record. */
export interface Finding {
  id: string
  /** The property in a few words, e.g. "each node evicts no faster than the configured rate". */
  title: string
  outcome: Outcome
  /** The bound and the measured value, with units. */
  bound: string
  measured: string
  /** One sentence: what happened and when, why it is fine, or why it is inconclusive. */
  sentence: string
  /** Only when inconclusive: what would resolve it. */
  settle?: string
  evidence: Evidence[]
  /** Figures behind the sentence, for machines. */
  figures: Record<string, number | string | null>
  /** Id of the known deviation that this failure matches. */
  deviation?: string
  /**
   * True when no slowness of the harness could explain this failure (the worst stall was taken into account), so that
   * it stands even when the harness was not healthy.
   */
  despiteHarness?: boolean
}

/** What findings follow from. They keep their own place and sentence, and the verdict its outcome. */
export interface Cause {
  /** Its kind, or the id of a known deviation. */
  id: string
  /** What it is, as a sentence. */
  title: string
  /** The page that explains it: a path in the repository, with its section. */
  link: string
  /** Ids of findings that failed or are inconclusive because of it, in the verdict's order. */
  findings: string[]
  /** Where the record shows it. */
  evidence?: Evidence[]
}

/** verdict.json: a pure function of the record, byte for byte. */
export interface Verdict {
  format: 1
  weir: string
  scenario: string
  outcome: Outcome
  /** The sentence at the top of every report. */
  headline: string
  /** What is compared between runs, whether or not an assertion asks for it. */
  figures: Figures
  /** Causes of what failed or is inconclusive. Each finding belongs to at most one; one whose cause is not known to none. */
  causes: Cause[]
  findings: Finding[]
  /** Set when the scenario lists known deviations: did the run deviate exactly so? */
  deviations?: { expected: string[]; seen: string[]; asExpected: boolean }
}
