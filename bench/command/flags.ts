/**
 * The flags of `weir bench conn|sub|pub` as given. Names, meanings and defaults are MQTTX CLI's (docs/bench.md); additions are marked
 * "weir's own". Defaults are applied where a flag is read, so that a saved file fills in only what was not given.
 */

export type BenchCommand = 'conn' | 'sub' | 'pub'

type Flags<Type, Names extends string> = { [Name in Names]?: Type | undefined }

/**
 * `hostname`: one host, or several with commas (emqtt-bench), each with an optional port. `ws-headers`: "Name: value" each. Refused:
 * `authentication-method` (see fleet-spec.ts). weir's own: `ifaddr` (local addresses, with commas or repeated), `connect-timeout`
 * (seconds for a connection, and again for its CONNACK), `follow-server-reference`, `engine`.
 */
export type ConnectionFlags = Flags<
  string,
  | ('hostname' | 'protocol' | 'path' | 'client-id' | 'username' | 'password' | 'mqtt-version')
  | ('authentication-method' | 'engine')
> &
  Flags<number, 'port' | 'keepalive' | 'connect-timeout'> &
  Flags<string[], 'ws-headers' | 'ifaddr'> &
  Flags<boolean, 'follow-server-reference'>

/** weir's own: `servername`. */
export type TlsFlags = Flags<string, 'key' | 'cert' | 'ca' | 'servername'> &
  Flags<boolean, 'insecure'> &
  Flags<string[], 'alpn'>

/**
 * `user-properties` belong to the CONNECT of `conn`, the SUBSCRIBE of `sub` and the PUBLISH of `pub`; `conn-user-properties` to the
 * CONNECT of the latter two. "name: value" each.
 */
export type SessionFlags = Flags<boolean, 'clean' | 'req-response-info' | 'req-problem-info'> &
  Flags<
    number,
    'session-expiry-interval' | 'receive-maximum' | 'maximum-packet-size' | 'topic-alias-maximum'
  > &
  Flags<string[], 'user-properties' | 'conn-user-properties'>

export type WillFlags = Flags<
  string,
  'will-topic' | 'will-message' | 'will-content-type' | 'will-response-topic' | 'will-correlation-data'
> &
  Flags<number, 'will-qos' | 'will-delay-interval' | 'will-message-expiry-interval'> &
  Flags<boolean, 'will-retain' | 'will-payload-format-indicator'> &
  Flags<string[], 'will-user-properties'>

/** weir's own: `reconnect`, the name of a policy. */
export type ReconnectFlags = Flags<number, 'reconnect-period' | 'maximum-reconnect-times'> &
  Flags<string, 'reconnect'>

/** All but the first two are weir's own. */
export type LoadFlags = Flags<
  number,
  'count' | 'interval' | 'rate' | 'in-flight' | 'duration' | 'workers' | 'processes' | 'seed'
> &
  Flags<string, 'schedule'>

/** weir's own: all but `verbose`. `prometheus`: "" for the default address. */
export type OutputFlags = Flags<boolean, 'verbose' | 'json' | 'verify'> & Flags<string, 'prometheus'>

export type SubscribeFlags = Flags<string[], 'topic' | 'no_local' | 'retain-as-published'> &
  Flags<number[], 'qos' | 'retain-handling' | 'subscription-identifier'>

/** weir's own: `window`, the unacknowledged messages of one client at once. `split`: "" for a line feed. */
export type PublishFlags = Flags<
  string,
  | ('topic' | 'message' | 'file-read' | 'split' | 'payload-size')
  | ('response-topic' | 'correlation-data' | 'content-type')
> &
  Flags<
    number,
    | ('qos' | 'message-interval' | 'limit' | 'window' | 'message-expiry-interval')
    | ('topic-alias' | 'subscription-identifier')
  > &
  Flags<boolean, 'retain' | 'dup' | 'payload-format-indicator' | 'wait-before-publishing'>

/** What all three commands accept. */
export type CommonFlags = ConnectionFlags &
  TlsFlags &
  SessionFlags &
  WillFlags &
  ReconnectFlags &
  LoadFlags &
  OutputFlags

export type ConnFlags = CommonFlags
export type SubFlags = CommonFlags & SubscribeFlags
export type PubFlags = CommonFlags & PublishFlags

/** A command with its flags. */
export type BenchRequest =
  | { command: 'conn'; flags: ConnFlags }
  | { command: 'sub'; flags: SubFlags }
  | { command: 'pub'; flags: PubFlags }
