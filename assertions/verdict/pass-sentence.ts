import type { RunView } from '#weir/record/view/index.ts'
import { count, seconds } from '../evidence/wording.ts'
import type { Finding } from './verdict.ts'

/** What a run that passed has shown, in figures a reader can compare with the scenario. */
export function passSentence(run: RunView | undefined, findings: readonly Finding[]): string {
  const all = `all ${count(findings.length, 'assertion')} held`
  if (!run?.hasParameters || run.evictions.length === 0) return `${all[0]?.toUpperCase()}${all.slice(1)}.`
  const { evictions, moments, parameters } = run
  const first = evictions.t[0] ?? 0
  const last = evictions.t[evictions.length - 1] ?? 0
  const old = run.nodes.filter((node) => node.side === 'old').length
  const fresh = run.nodes.filter((node) => node.side === 'new').length
  const took =
    moments.trigger === undefined || moments.upgradeDone === undefined
      ? last - first
      : moments.upgradeDone - moments.trigger
  return (
    `${count(evictions.length, 'eviction')} moved ${count(new Set(evictions.client.subarray(0, evictions.length)).size, 'client')} ` +
    `from ${old} old to ${count(fresh, 'new node')} in ${seconds(took)}, ` +
    `${parameters.connEvictRate} a second per node as configured: ${all}.`
  )
}
