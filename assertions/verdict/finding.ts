import type { RecordFile } from '#weir/record/index.ts'
import type { Evidence, Finding } from './verdict.ts'

export type Said = Omit<Finding, 'id' | 'title'>

interface Parts {
  bound: string
  measured: string
  sentence: string
  evidence?: Evidence[]
  figures?: Finding['figures']
}

export const pass = (parts: Parts): Said => ({ outcome: 'pass', evidence: [], figures: {}, ...parts })

export const fail = (parts: Parts & { despiteHarness?: boolean }): Said => ({
  outcome: 'fail',
  evidence: [],
  figures: {},
  ...parts,
})

/** `settle` names what would turn "nobody can tell" into an answer. */
export const unknown = (parts: Parts & { settle: string }): Said => ({
  outcome: 'inconclusive',
  evidence: [],
  figures: {},
  ...parts,
})

export const evidence = (file: RecordFile, fromT: number, toT: number, what: string): Evidence => ({
  file,
  fromT,
  toT,
  what,
})
