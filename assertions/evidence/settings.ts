import type { SettingEvent, SettingName } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** A change of a setting, and what the cluster showed of it before and after. */
export interface SettingChange {
  name: SettingName
  asked: SettingEvent
  /** Samples after the change, in order. */
  reads: SettingEvent[]
  /** The last sample before it. */
  before: SettingEvent | undefined
}

/** The last change of a setting, of this name if one is given. */
export function lastChange(run: RunView, name?: SettingName): SettingChange | undefined {
  const all = run.of('setting')
  const asked = all.findLast(
    (event) => event.phase === 'asked' && (name === undefined || event.name === name),
  )
  if (!asked) return undefined
  const samples = all.filter((event) => event.phase === 'read' && event.name === asked.name)
  return {
    name: asked.name,
    asked,
    // A question that was put before the change says nothing of it, unless it already shows it.
    reads: samples.filter(
      ({ t, tookNs, value }) => t - tookNs >= asked.t || (t > asked.t && value === asked.value),
    ),
    before: samples.findLast(({ t }) => t <= asked.t),
  }
}
