import type { WeirError } from '#weir/errors/index.ts'
import { openRecord } from '#weir/record/index.ts'
import type { Scenario } from '../types.ts'
import { startClock } from './clock.ts'
import { firstManifest } from './manifest.ts'

/** Records an operation that a guard refused, or that the user's role may not do: what was asked, and why not. Nothing was written to the cluster. */
export async function recordRefusal(
  dir: string,
  {
    scenario,
    action,
    inputs,
    error,
  }: { scenario: Scenario; action: string; inputs: unknown; error: WeirError },
): Promise<void> {
  const clock = startClock()
  const manifest = firstManifest(scenario, clock, { seed: 0, notes: [], server: {} })
  const record = await openRecord(dir, manifest)
  await record.fleet({ ids: [], group: [], groups: [] })
  const event = { type: 'action', id: 'action-1', action } as const
  record.event({ t: clock.now(), ...event, phase: 'start', detail: JSON.stringify(inputs) })
  record.event({ t: clock.now(), ...event, phase: 'refused', detail: error.message })
  await record.close({ t: clock.now(), how: 'failed', reason: error.message })
}
