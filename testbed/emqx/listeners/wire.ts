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

/** The transport of a connection: a TCP or TLS socket, or a WebSocket. */
export interface Wire {
  readonly destroyed: boolean
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  write(bytes: Buffer): void
  /** Sends what was written, then FIN; a WebSocket sends a Close frame first. */
  end(): void
  /** Closes at once. */
  destroy(): void
}
