/** What the parts of the testbeds agree on. Parts speak only through the Kubernetes API; the two exceptions are here. */
import type { Socket } from 'node:net'
import type { WeirError } from '#weir/errors/index.ts'

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
