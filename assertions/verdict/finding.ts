import type { RecordFile } from '#weir/record/index.ts'
import { MESSAGES } from '../messages/index.ts'
import type { Evidence, Finding } from './verdict.ts'

export type AssertionResult = Omit<Finding, 'id' | 'title'>

interface Parts {
  bound: string
  measured: string
  sentence: string
  evidence?: Evidence[]
  figures?: Finding['figures']
}

export const pass = (parts: Parts): AssertionResult => ({
  outcome: 'pass',
  evidence: [],
  figures: {},
  ...parts,
})

export const fail = (parts: Parts & { despiteHarness?: boolean }): AssertionResult => ({
  outcome: 'fail',
  evidence: [],
  figures: {},
  ...parts,
})

/** `why` is what is unknown, as a clause; `settle` what resolves it, as a sentence. */
export const unknown = ({
  why,
  ...parts
}: Omit<Parts, 'sentence'> & { why: string; settle: string }): AssertionResult => ({
  outcome: 'inconclusive',
  evidence: [],
  figures: {},
  ...parts,
  sentence: MESSAGES.verdict.inconclusive({ why }),
})

/** The span between two facts. Which of them came first may be chance where two sources report them. */
export const evidence = (file: RecordFile, oneT: number, otherT: number, what: string): Evidence => ({
  file,
  fromT: Math.min(oneT, otherT),
  toT: Math.max(oneT, otherT),
  what,
})
