import { usageError } from '#weir/errors/index.ts'
import { TWO_BYTES } from './check-flags.ts'

/** Room for what `%i`, `%c` and `%u` become. */
const MOST_BYTES = TWO_BYTES / 2

/** A topic to publish to (MQTT 5 §4.7): no wildcards. Throws WEIR_USAGE. */
export function topicName(flag: string, topic: string): string {
  if (/[+#]/.test(topic))
    throw usageError(`${flag} is "${topic}", but topics to publish to cannot contain the wildcards + or #`)
  return checked(flag, topic)
}

/** A filter to subscribe to (§4.7.1): + and # as whole levels, # as the last. Throws WEIR_USAGE. */
export function topicFilter(flag: string, filter: string): string {
  const levels = filter.split('/')
  const wrong = levels.some(
    (level, i) =>
      (level.includes('+') && level !== '+') ||
      (level.includes('#') && (level !== '#' || i !== levels.length - 1)),
  )
  if (wrong)
    throw usageError(`${flag} is "${filter}": + and # must occupy a whole level, and # must be the last one`)
  // §4.8.2: a share has a name, followed by a filter.
  if (levels[0] === '$share' && (levels.length < 3 || !levels[1] || levels.slice(2).join('/') === ''))
    throw usageError(`${flag} is "${filter}": a shared subscription is $share/NAME/FILTER`)
  return checked(flag, filter)
}

function checked(flag: string, topic: string): string {
  if (topic === '' || topic.includes('\0'))
    throw usageError(`${flag} is empty or has a null character, which MQTT does not allow`)
  if (Buffer.byteLength(topic) > MOST_BYTES)
    throw usageError(
      `${flag} has ${Buffer.byteLength(topic)} bytes, but may have at most ${Math.floor(MOST_BYTES)}`,
    )
  return topic
}
