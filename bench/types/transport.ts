/** What carries the bytes of a connection, by MQTTX's names. */
export type TransportProtocol = 'mqtt' | 'mqtts' | 'ws' | 'wss'

/** Certificates and keys as PEM texts: plain data, as it crosses into worker threads and child processes. */
export interface TlsSpec {
  /** Authorities to trust instead of the system's. */
  ca?: string
  /** The client's own certificate and key. */
  cert?: string
  key?: string
  /** Server name (SNI), and whom the certificate is checked for. Default: the target's host, unless that is an address. */
  servername?: string
  /** Application protocols to offer (ALPN), best first. */
  alpn?: readonly string[]
  /** Take any certificate. */
  insecure?: boolean
  /** Default true: reconnecting clients resume their session with the server's ticket, which skips half of the handshake. */
  resume?: boolean
}

export interface WebSocketSpec {
  /** Default "/mqtt". */
  path?: string
  headers?: Readonly<Record<string, string>>
}

/** Left out, a fleet speaks plain TCP. */
export interface TransportSpec {
  protocol: TransportProtocol
  tls?: TlsSpec
  webSocket?: WebSocketSpec
}
