import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import type { Finding } from './verdict.ts'

/** What a run that passed has shown, in figures to compare with the scenario. */
export function passSentence(run: RunView | undefined, findings: readonly Finding[]): string {
  const assertions = findings.length
  if (!run?.hasParameters || run.evictions.length === 0) return MESSAGES.verdict.allHeld({ assertions })
  const { evictions, moments, parameters } = run
  const first = evictions.t[0] ?? 0
  const last = evictions.t[evictions.length - 1] ?? 0
  const old = run.nodes.filter((node) => node.side === 'old').length
  const fresh = run.nodes.filter((node) => node.side === 'new').length
  const took =
    moments.trigger === undefined || moments.upgradeDone === undefined
      ? last - first
      : moments.upgradeDone - moments.trigger
  return MESSAGES.verdict.passed({
    evictions: evictions.length,
    clients: new Set(evictions.client.subarray(0, evictions.length)).size,
    oldNodes: old,
    newNodes: fresh,
    tookNs: took,
    rate: parameters.connEvictRate,
    assertions,
  })
}
