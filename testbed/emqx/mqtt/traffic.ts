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
