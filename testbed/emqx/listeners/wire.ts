/** What one connection has carried; its session keeps the figures when the connection is gone. */
export interface Traffic {
  receivedBytes: number
  receivedPackets: number
  sentBytes: number
  sentPackets: number
  /** PUBLISH packets by QoS. */
  receivedMessages: [number, number, number]
  sentMessages: [number, number, number]
}

export function newTraffic(): Traffic {
  return {
    receivedBytes: 0,
    receivedPackets: 0,
    sentBytes: 0,
    sentPackets: 0,
    receivedMessages: [0, 0, 0],
    sentMessages: [0, 0, 0],
  }
}

/** MQTT listeners of a node by EMQX's names; each is called "default": `tcp:default`. */
export type ListenerKind = 'tcp' | 'ssl' | 'ws' | 'wss'

/** What carries the bytes of a connection: a TCP or TLS socket as it is, or a WebSocket. */
export interface Wire {
  readonly destroyed: boolean
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  write(bytes: Buffer): void
  /** What was written goes out, then the end of it: a FIN, before which a WebSocket says goodbye. */
  end(): void
  /** At once, without a word. */
  destroy(): void
}
