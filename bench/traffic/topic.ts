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
}

const VARIABLE = /%(?:([icu])|\{i\+(\d+)\})/g

/**
 * The topic or filter that a pattern means for one client: `%i`, `%c`, `%u` as in MQTTX and emqtt-bench, and `%{i+N}`, the index N
 * further on, round the fleet: whom client i sends to, so that every client hears exactly one other. A value is never looked
 * into for variables of its own.
 */
export function topicOf(pattern: string, owner: TopicOwner): string {
  if (!pattern.includes('%')) return pattern
  return pattern.replaceAll(VARIABLE, (_, name: string | undefined, ahead: string | undefined) => {
    if (ahead !== undefined) return String((owner.index + Number(ahead)) % owner.fleetClients)
    if (name === 'i') return String(owner.index)
    return name === 'c' ? owner.clientId : (owner.username ?? '')
  })
}
