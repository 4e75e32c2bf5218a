/** Topic names and filters (MQTT 5 §4.7). */

export interface ParsedFilter {
  /** Without the share prefix. */
  filter: string
  group?: string
}

export function validTopicName(topic: string): boolean {
  return topic.length > 0 && !/[+#\0]/.test(topic)
}

/** Undefined when the filter is not valid. `$queue/t` is EMQX's older way to write `$share/$queue/t`. */
export function parseFilter(text: string): ParsedFilter | undefined {
  if (text.startsWith('$queue/')) return shared('$queue', text.slice(7))
  if (text.startsWith('$share/')) {
    const slash = text.indexOf('/', 7)
    return slash === -1 ? undefined : shared(text.slice(7, slash), text.slice(slash + 1))
  }
  return validFilter(text) ? { filter: text } : undefined
}

function shared(group: string, filter: string): ParsedFilter | undefined {
  return group.length > 0 && !/[+#]/.test(group) && validFilter(filter) ? { filter, group } : undefined
}

function validFilter(filter: string): boolean {
  if (filter.length === 0 || filter.includes('\0')) return false
  const levels = filter.split('/')
  return levels.every(
    (level, index) =>
      (level === '#' && index === levels.length - 1) ||
      level === '+' ||
      (!level.includes('#') && !level.includes('+')),
  )
}

export function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#')
}

/** Wildcards do not match names that start with `$` at the first level. */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const given = topic.split('/')
  if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false
  for (let index = 0; index < wanted.length; index++) {
    if (wanted[index] === '#') return true
    if (index >= given.length) return false
    if (wanted[index] !== '+' && wanted[index] !== given[index]) return false
  }
  return wanted.length === given.length
}
