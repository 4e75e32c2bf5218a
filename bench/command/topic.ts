import { WeirError } from '#weir/errors/index.ts'
import { TWO_BYTES } from './bounds.ts'

/** Room for what `%i`, `%c` and `%u` become. */
const MOST_BYTES = TWO_BYTES / 2

/** A topic to publish to (MQTT 5 §4.7): no wildcards. Throws WEIR_USAGE. */
export function topicName(flag: string, topic: string): string {
  if (/[+#]/.test(topic))
    throw new WeirError(
      'WEIR_USAGE',
      `${flag} is "${topic}", and nobody can publish to a topic with the wildcards + or #`,
    )
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
    throw new WeirError(
      'WEIR_USAGE',
      `${flag} is "${filter}": + and # stand for whole levels, and # for the last ones`,
    )
  // §4.8.2: a share has a name, and a filter of its own behind it.
  if (levels[0] === '$share' && (levels.length < 3 || !levels[1] || levels.slice(2).join('/') === ''))
    throw new WeirError('WEIR_USAGE', `${flag} is "${filter}": a shared subscription is $share/NAME/FILTER`)
  return checked(flag, filter)
}

function checked(flag: string, topic: string): string {
  if (topic === '' || topic.includes('\0'))
    throw new WeirError('WEIR_USAGE', `${flag} is empty or has a null character, which MQTT does not allow`)
  if (Buffer.byteLength(topic) > MOST_BYTES)
    throw new WeirError(
      'WEIR_USAGE',
      `${flag} has ${Buffer.byteLength(topic)} bytes, and may have ${Math.floor(MOST_BYTES)}`,
    )
  return topic
}
