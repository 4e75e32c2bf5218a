import type { MqttUser, Target, TransportProtocol } from '#weir/bench/types.ts'
import type { Identity } from './certificates.ts'

/** One listener of a broker: it gets a free port of 127.0.0.1. */
export interface ListenerSpec {
  protocol: TransportProtocol
  /** mqtts and wss: refuse clients that show no certificate of `tls.ca`. */
  clientCertificate?: boolean
}

/** How the brokers of tests are made. Everything is optional: left out, it is one plain listener that lets everybody in. */
export interface BrokerOptions {
  listeners?: readonly ListenerSpec[]
  /** The only users that are let in; everybody when left out. */
  users?: readonly MqttUser[]
  /** What the listeners of mqtts and wss show: needed by them. */
  tls?: Identity
  /** More lines for its configuration file. */
  config?: string
}

/** A real broker in a process and a temporary directory of its own, on loopback only. */
export interface Broker {
  readonly pid: number
  /** One a listener, in the order that they were asked for. */
  readonly targets: readonly Target[]
  /** The last of what the broker printed. */
  log(): string
  /** Stops it as one that is broken: SIGKILL. It keeps its directory and its ports. */
  kill(): Promise<void>
  /** Starts it again after `kill`, with the same ports. */
  start(): Promise<void>
  /** Makes it deaf and dumb for a while: its kernel still accepts connections (SIGSTOP). */
  pause(): void
  resume(): void
  /** Ends the process and removes the directory. */
  stop(): Promise<void>
}

export function needsTls({ protocol }: ListenerSpec): boolean {
  return protocol === 'mqtts' || protocol === 'wss'
}
