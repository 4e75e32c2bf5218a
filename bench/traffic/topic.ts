/** What the variables of a topic stand for. */
export interface TopicOwner {
  /** `%i`: index in the fleet. */
  index: number
  /** `%c`: client id. */
  clientId: string
  /** `%u`: user name; nothing where there is none. */
  username?: string | undefined
  /** Clients of the whole fleet: what `%{i+N}` counts round. */
  fleetClients: number
  /** What `%i` begins with. Default: 0. */
  startNumber?: number | undefined
}

const VARIABLE = /%(?:([icu])|\{i\+(\d+)\})/g

/** Whether a pattern means a topic and no filter: it is not empty, and has no wildcard (MQTT 5 §4.7.1). */
export function canBePublishedTo(pattern: string): boolean {
  // The "+" of %{i+N} stands for no wildcard: it is gone once the topic is a client's.
  return pattern !== '' && !/[+#\0]/.test(pattern.replaceAll(/%\{i\+\d+\}/g, '%i'))
}

/**
 * The topic or filter of one client: `%i`, `%c`, `%u` as in MQTTX and emqtt-bench, and `%{i+N}`, the index N further on
 * round the fleet. Values are not expanded again.
 */
export function topicOf(pattern: string, owner: TopicOwner): string {
  if (!pattern.includes('%')) return pattern
  const { startNumber: start = 0 } = owner
  return pattern.replaceAll(VARIABLE, (_, name: string | undefined, ahead: string | undefined) => {
    if (ahead !== undefined) return String(start + ((owner.index + Number(ahead)) % owner.fleetClients))
    if (name === 'i') return String(start + owner.index)
    return name === 'c' ? owner.clientId : (owner.username ?? '')
  })
}

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
