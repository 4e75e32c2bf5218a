import type { RunView } from '#weir/record/view/index.ts'
import { type AssertionResult, unknown } from '../verdict/finding.ts'

/** What to say of a record that does not tell what became of its messages: none were sent, or the account of them is missing. */
export function noAccount({ record }: RunView, of: 'publishers' | 'wills', bound: string): AssertionResult {
  const { groups } = record.fleet
  const isAsked = groups.some((group) => (of === 'publishers' ? group.publishes : group.will))
  if (!isAsked)
    return unknown({
      bound,
      measured: `no ${of}`,
      why: `the fleet has no ${of}`,
      settle:
        of === 'publishers'
          ? 'a fleet whose clients publish to each other'
          : 'a fleet whose clients have wills',
    })
  return unknown({
    bound,
    measured: 'no account of the messages',
    why: record.messages
      ? 'messages.ndjson breaks off, so what became of the messages is not known'
      : 'the record has no messages.ndjson, which is written when the fleet has left',
    settle: 'a run that is recorded to its end',
  })
}
