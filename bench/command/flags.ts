/**
 * The flags of `weir bench conn|sub|pub` as given. Names, meanings and defaults are MQTTX CLI's (docs/bench.md); additions
 * are marked "weir's own". Defaults are applied where a flag is read, so that a saved file fills in only what was not
 * given.
 */

export type BenchCommand = 'conn' | 'sub' | 'pub'

export interface ConnectionFlags {
  /** One host, or several with commas (emqtt-bench), each with a port of its own where it names one. */
  hostname?: string | undefined
  port?: number | undefined
  protocol?: string | undefined
  path?: string | undefined
  /** "Name: value", each. */
  'ws-headers'?: string[] | undefined
  'client-id'?: string | undefined
  keepalive?: number | undefined
  username?: string | undefined
  password?: string | undefined
  'mqtt-version'?: string | undefined
  /** Refused: see refuse.ts. */
  'authentication-method'?: string | undefined
  /** weir's own: local addresses, with commas or repeated. */
  ifaddr?: string[] | undefined
  /** weir's own: seconds for a connection, and again for the CONNACK on it. */
  'connect-timeout'?: number | undefined
  /** weir's own. */
  'follow-server-reference'?: boolean | undefined
  /** weir's own. */
  engine?: string | undefined
}

export interface TlsFlags {
  key?: string | undefined
  cert?: string | undefined
  ca?: string | undefined
  insecure?: boolean | undefined
  alpn?: string[] | undefined
  /** weir's own. */
  servername?: string | undefined
}

export interface SessionFlags {
  clean?: boolean | undefined
  'session-expiry-interval'?: number | undefined
  'receive-maximum'?: number | undefined
  'maximum-packet-size'?: number | undefined
  'topic-alias-maximum'?: number | undefined
  'req-response-info'?: boolean | undefined
  'req-problem-info'?: boolean | undefined
  /** Of the CONNECT for `conn`, of the SUBSCRIBE for `sub`, of the PUBLISH for `pub`. "name: value", each. */
  'user-properties'?: string[] | undefined
  /** Of the CONNECT for `sub` and `pub`. */
  'conn-user-properties'?: string[] | undefined
}

export interface WillFlags {
  'will-topic'?: string | undefined
  'will-message'?: string | undefined
  'will-qos'?: number | undefined
  'will-retain'?: boolean | undefined
  'will-delay-interval'?: number | undefined
  'will-payload-format-indicator'?: boolean | undefined
  'will-message-expiry-interval'?: number | undefined
  'will-content-type'?: string | undefined
  'will-response-topic'?: string | undefined
  'will-correlation-data'?: string | undefined
  'will-user-properties'?: string[] | undefined
}

export interface ReconnectFlags {
  'reconnect-period'?: number | undefined
  'maximum-reconnect-times'?: number | undefined
  /** weir's own: a policy by name. */
  reconnect?: string | undefined
}

/** How much, how fast, how long, and with what. All but the first two are weir's own. */
export interface LoadFlags {
  count?: number | undefined
  interval?: number | undefined
  rate?: number | undefined
  schedule?: string | undefined
  'in-flight'?: number | undefined
  duration?: number | undefined
  workers?: number | undefined
  processes?: number | undefined
  seed?: number | undefined
}

export interface OutputFlags {
  verbose?: boolean | undefined
  /** weir's own. */
  json?: boolean | undefined
  /** weir's own: "" for the usual place. */
  prometheus?: string | undefined
  /** weir's own. */
  verify?: boolean | undefined
}

export interface SubscribeFlags {
  topic?: string[] | undefined
  qos?: number[] | undefined
  no_local?: string[] | undefined
  'retain-as-published'?: string[] | undefined
  'retain-handling'?: number[] | undefined
  'subscription-identifier'?: number[] | undefined
}

export interface PublishFlags {
  topic?: string | undefined
  qos?: number | undefined
  'message-interval'?: number | undefined
  limit?: number | undefined
  /** weir's own: unacknowledged messages of one client at once. */
  window?: number | undefined
  message?: string | undefined
  'file-read'?: string | undefined
  /** "" for the usual character, a line feed. */
  split?: string | undefined
  'payload-size'?: string | undefined
  retain?: boolean | undefined
  dup?: boolean | undefined
  'payload-format-indicator'?: boolean | undefined
  'message-expiry-interval'?: number | undefined
  'topic-alias'?: number | undefined
  'response-topic'?: string | undefined
  'correlation-data'?: string | undefined
  'subscription-identifier'?: number | undefined
  'content-type'?: string | undefined
  /** emqtt-bench's. */
  'wait-before-publishing'?: boolean | undefined
}

/** What all three commands take. */
export interface CommonFlags
  extends ConnectionFlags,
    TlsFlags,
    SessionFlags,
    WillFlags,
    ReconnectFlags,
    LoadFlags,
    OutputFlags {}

export type ConnFlags = CommonFlags
export type SubFlags = CommonFlags & SubscribeFlags
export type PubFlags = CommonFlags & PublishFlags

/** A command with its flags. */
export type BenchRequest =
  | { command: 'conn'; flags: ConnFlags }
  | { command: 'sub'; flags: SubFlags }
  | { command: 'pub'; flags: PubFlags }
