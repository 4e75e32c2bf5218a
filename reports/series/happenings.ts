import type { RunView } from '#weir/record/view/index.ts'
import { failuresToAnswer } from './failures.ts'
import { type HappeningKind, tellEvent } from './tell-event.ts'

/** One line of the run's story. */
export interface Happening {
  t: number
  kind: HappeningKind
  text: string
}

/** The run as a list of what changed, in order: raw objects and samples that repeat the one before are left out. */
export function happenings(run: RunView): Happening[] {
  const podOf = (node: string) => run.nodes[run.nodeByName.get(node) ?? -1]?.pod ?? node
  const lastOf = new Map<string, string>()
  const told: Happening[] = []
  for (const event of run.record.events) {
    for (const { kind, text, subject } of tellEvent(event, podOf)) {
      if (subject !== undefined && lastOf.get(subject) === text) continue
      if (subject !== undefined) lastOf.set(subject, text)
      told.push({ t: event.t, kind, text })
    }
  }
  const failures = failuresToAnswer(run)
  for (const { t, pod, error, status } of failures.scrapes)
    told.push({ t, kind: 'trouble', text: `scrape of ${pod} failed: ${error ?? `status ${status}`}` })
  for (const { t, api, via, error } of failures.api)
    told.push({ t, kind: 'trouble', text: `${api} via ${via} failed: ${error}` })
  return told.sort((a, b) => a.t - b.t)
}
