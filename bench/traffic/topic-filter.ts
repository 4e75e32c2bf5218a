/** A shared subscription's filter is `$share/<name>/<filter>` (MQTT 5 §4.8.2). */
const SHARE = '$share/'

/** The part of a subscription that topics are matched with. */
export function filterOf(subscription: string): string {
  return isShared(subscription)
    ? subscription.slice(subscription.indexOf('/', SHARE.length) + 1)
    : subscription
}

export function isShared(subscription: string): boolean {
  return subscription.startsWith(SHARE) && subscription.indexOf('/', SHARE.length) > 0
}

/** Whether a topic filter (without `$share`) matches a topic name: MQTT 5 §4.7.1, §4.7.2. */
export function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true
  // A filter that begins with a wildcard matches no topic of the server's own.
  if (topic.startsWith('$') && (filter.startsWith('#') || filter.startsWith('+'))) return false
  const wanted = filter.split('/')
  const levels = topic.split('/')
  for (const [i, level] of wanted.entries()) {
    // "sport/#" matches "sport" too.
    if (level === '#') return true
    if (i >= levels.length) return false
    if (level !== '+' && level !== levels[i]) return false
  }
  return wanted.length === levels.length
}
