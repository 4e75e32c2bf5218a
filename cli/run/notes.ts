import { dialects } from '#weir/cluster/dialects/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

/** What is unusual about a run on the embedded cluster, for the top of every report. */
export function notesOf(scenario: Scenario, faults: readonly string[]): string[] {
  const { pollIntervalSeconds, healthCheckWaitSeconds } = scenario.testbed
  const dialect = dialects[scenario.cluster.dialect]
  const notes: string[] = []
  if (pollIntervalSeconds !== dialect.releasedPollSeconds)
    notes.push(
      `The emulated operator polls the cluster every ${pollIntervalSeconds} s; released ones poll every ${dialect.releasedPollSeconds} s.`,
    )
  const released = dialect.facts.healthCheckWaitSeconds
  if (healthCheckWaitSeconds !== undefined && healthCheckWaitSeconds !== released)
    notes.push(
      `The emulated EMQX waits ${healthCheckWaitSeconds} s for health checks before it evicts; released versions wait ${released} s.`,
    )
  if (faults.length > 0) notes.push(`Faults are switched on: ${faults.join(', ')}.`)
  return notes
}
