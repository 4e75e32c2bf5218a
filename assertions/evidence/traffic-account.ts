import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, unknown } from '../verdict/finding.ts'

/** Without publishers or wills, or without a complete account of the messages, nothing can be judged. */
export function noAccount({ record }: RunView, of: 'publishers' | 'wills', bound: string): AssertionResult {
  const { groups } = record.fleet
  if (of === 'publishers' && !groups.some((group) => group.publishes))
    return unknown({ bound, ...MESSAGES.messages.noPublishers, settle: MESSAGES.messages.noPublishersSettle })
  if (of === 'wills' && !groups.some((group) => group.will))
    return unknown({ bound, ...MESSAGES.wills.noWills, settle: MESSAGES.wills.noWillsSettle })
  const { noAccount, cutAccount, missingAccount } = MESSAGES.messages
  return unknown({
    bound,
    measured: noAccount,
    why: record.messages ? cutAccount : missingAccount,
    settle: MESSAGES.settle.wholeRun,
  })
}
