import type { Scenario } from '#weir/scenarios/types.ts'

/** How long the released operators wait between two looks at the cluster. */
const RELEASED_POLL_SECONDS = 20

/** What is unusual about a run on the embedded cluster, for the top of every report. */
export function notesOf(scenario: Scenario, faults: readonly string[]): string[] {
  const { pollIntervalSeconds } = scenario.testbed
  const notes: string[] = []
  if (pollIntervalSeconds !== RELEASED_POLL_SECONDS)
    notes.push(
      `The emulated operator looks at the cluster every ${pollIntervalSeconds} s; the released ones do every ${RELEASED_POLL_SECONDS} s.`,
    )
  if (faults.length > 0) notes.push(`Faults are switched on: ${faults.join(', ')}.`)
  return notes
}
