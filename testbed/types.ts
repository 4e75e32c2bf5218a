/** What the parts of the testbeds agree on. Parts speak only through the Kubernetes API; the two exceptions are here. */
import type { Socket } from 'node:net'
import type { WeirError } from '#weir/errors/index.ts'

/** A switchable misbehaviour of the testbed (never of the harness). */
export interface FaultDefinition {
  name: string
  /** Which part misbehaves. */
  part: 'emqx' | 'operator' | 'proxy' | 'kubelet' | 'controllers' | 'host'
  /** One line: what it does. */
  summary: string
  /** The assertions that must fail under it; the first is the one it exists for. */
  caughtBy: readonly string[]
  /** Assertions that follow from it and may fail too. */
  alsoFails: readonly string[]
  /** The dialects on which it can happen; left out, on all. */
  dialects?: readonly string[]
}

/** Which faults are on. Parts ask by name; an unknown name is a programming error and throws. */
export interface Faults {
  on(name: string): boolean
}

/** The way from the service proxy to the emulated EMQX nodes: no second socket, no copying. */
export interface NodeDirectory {
  /** The node whose pod has this address, when its listener is open. */
  find(podIp: string): { accept(socket: Socket, port: number): void } | undefined
}

export interface EmbeddedOptions {
  operator: '2.1.2' | '2.2.29'
  /**
   * The operator's pause while something is under way; left out, that of the release lines: 20 s for v1beta4, 1 s for
   * v2beta1. Another one is said in every report.
   */
  pollIntervalSeconds?: number
  /** EMQX's own wait in waiting_health_check when nobody sends one: 60 s when left out. Said in every report. */
  healthCheckWaitSeconds?: number
  faults: string[]
  seed: number
  /** Where kubeconfig and log go. */
  dir: string
  /** Process to stop and continue when the fault `starved-generator` is on. */
  harnessPid?: number
}

export interface EmbeddedTestbed {
  /** Path of a kubeconfig that reaches the embedded API server. */
  kubeconfig: string
  pid: number
  /** Resolves, once, when the testbed dies without having been closed; pending for ever otherwise. */
  died: Promise<WeirError>
  close(): Promise<void>
}

export type StartEmbedded = (options: EmbeddedOptions) => Promise<EmbeddedTestbed>
