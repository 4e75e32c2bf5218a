import { type ContainerFacts, containerFacts, type RecordEvent } from '#weir/facts/index.ts'

/**
 * Pods as they are recorded today. Older records state how a container ended in the raw object alone, which stands before the
 * pod's own event. Everything else reads pod events only.
 */
export function withContainers(events: readonly RecordEvent[]): RecordEvent[] {
  const latest = new Map<string, ContainerFacts | undefined>()
  return events.map((event) => {
    if (event.type === 'watch' && event.kind === 'Pod') {
      const { status } = (event.object ?? {}) as { status?: unknown }
      latest.set(event.name, containerFacts(status))
    }
    if (event.type !== 'pod' || event.container) return event
    const container = latest.get(event.name)
    return container ? { ...event, container } : event
  })
}
