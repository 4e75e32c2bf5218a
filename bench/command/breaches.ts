import type { BreachCounts, ProtocolBreach } from '#weir/facts/index.ts'

/** What a broker did, and the clause that excludes it. */
const WORDS: Readonly<Record<ProtocolBreach, string>> = {
  'puback-for-qos-2': 'answered a QoS 2 message with PUBACK (MQTT 3.1.1 and 5 §4.3.3)',
  'pubrec-for-qos-1': 'answered a QoS 1 message with PUBREC (MQTT 3.1.1 and 5 §4.3.2)',
  'pubcomp-for-qos-1': 'answered a QoS 1 message with PUBCOMP (MQTT 3.1.1 and 5 §4.3.2)',
  'pubcomp-before-pubrel': 'sent PUBCOMP before the client’s PUBREL (MQTT 3.1.1 and 5 §4.3.3)',
  'unknown-packet-id':
    'acknowledged a packet identifier that no message had (MQTT 3.1.1 §2.3.1, MQTT 5 §2.2.1)',
  'suback-out-of-place': 'sent a SUBACK that answers no SUBSCRIBE (MQTT 3.1.1 and 5 §3.8.4)',
  'unsuback-out-of-place': 'sent an UNSUBACK without an UNSUBSCRIBE (MQTT 3.1.1 and 5 §3.10.4)',
  'no-connack-first': 'sent another packet before its CONNACK (MQTT 3.1.1 and 5 §3.2)',
  'second-connack': 'sent a second CONNACK (MQTT 3.1.1 and 5 §3.2)',
  'auth-not-requested': 'sent AUTH, which the client had not requested (MQTT 5 §4.12)',
  'disconnect-in-3.1.1': 'sent DISCONNECT, which an MQTT 3.1.1 server may not send (§3.14)',
  'packet-of-a-client': 'sent a packet that only clients send (MQTT 3.1.1 §2.2.1, MQTT 5 §2.1.2)',
}

export interface CountedBreach {
  breach: ProtocolBreach
  count: number
  words: string
}

/** The breaches of a run in words, the most frequent first. */
export function breachesInWords(counts: BreachCounts): CountedBreach[] {
  return (Object.entries(counts) as [ProtocolBreach, number][])
    .map(([breach, count]) => ({ breach, count, words: WORDS[breach] }))
    .sort((a, b) => b.count - a.count)
}

/** What to do about the most frequent one; nothing where there is none. */
export function breachTodo(counts: BreachCounts): string | undefined {
  const [worst] = breachesInWords(counts)
  return (
    worst &&
    `the broker ${worst.words}, ${worst.count} times: report this to the broker’s developers, or use another QoS or broker`
  )
}
