import type { RunView } from '#weir/record/view/index.ts'
import { eventTexts, type TimelineKind } from './event-texts.ts'
import { failuresToAnswer } from './failures.ts'

/** One line of the timeline. */
export interface TimelineEntry {
  t: number
  kind: TimelineKind
  text: string
}

/** What changed during the run, in order: raw objects and repeated samples are left out. */
export function timeline(run: RunView): TimelineEntry[] {
  const podOf = (node: string) => run.nodes[run.nodeByName.get(node) ?? -1]?.pod ?? node
  const lastOf = new Map<string, string>()
  const entries: TimelineEntry[] = []
  for (const event of run.record.events) {
    for (const { kind, text, subject } of eventTexts(event, podOf)) {
      if (subject !== undefined && lastOf.get(subject) === text) continue
      if (subject !== undefined) lastOf.set(subject, text)
      entries.push({ t: event.t, kind, text })
    }
  }
  const failures = failuresToAnswer(run)
  for (const { t, pod, error, status } of failures.scrapes)
    entries.push({ t, kind: 'trouble', text: `scrape of ${pod} failed: ${error ?? `status ${status}`}` })
  for (const { t, api, via, error } of failures.api)
    entries.push({ t, kind: 'trouble', text: `${api} via ${via} failed: ${error}` })
  return entries.sort((a, b) => a.t - b.t)
}
