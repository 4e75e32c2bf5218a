import type { AssertRequest } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Cause, Finding } from '../verdict.ts'

/** What a kind of cause is found in. */
export interface Judged {
  run: RunView
  findings: readonly Finding[]
  /** The result of one of these assertions in another view of the record, with the same bounds. */
  again(view: RunView, id: AssertRequest['id']): Finding
}

/** One cause that the record shows, and which findings follow from it. */
export interface Found extends Omit<Cause, 'findings'> {
  explains(finding: Finding): boolean
}

/** The causes of one kind; none where the record shows none. */
export type CauseKind = (judged: Judged) => Found[]

export const isOpen = ({ outcome }: Finding): boolean => outcome === 'inconclusive'
export const hasFailed = ({ outcome }: Finding): boolean => outcome === 'fail'
