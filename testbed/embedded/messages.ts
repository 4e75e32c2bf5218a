import type { ErrorCode } from '#weir/errors/index.ts'
import type { Disturbance, LoopHealth } from '#weir/facts/index.ts'
import type { TestbedKind } from '../types.ts'

/** What the process that started a testbed tells it. `keep`: somebody can find it now, so a detached one may outlive this process. */
export type ParentMessage = { type: 'keep' } | { type: 'disturb'; id: number; disturbance: Disturbance }

/** What the testbed's process tells the one that started it. */
export type ChildMessage =
  | { type: 'ready'; kubeconfig: string }
  | { type: 'failed'; code: ErrorCode; message: string }
  /** The disturbance of that id has begun, or why it cannot. */
  | { type: 'disturbed'; id: number; why?: string }
  /** Every HEALTH_MS. */
  | { type: 'health'; loop: LoopHealth }

export const HEALTH_MS = 250

/** The first word on each line of the log that reports an end. */
export const FATAL = 'fatal:'

/** How long a testbed may take to close itself: containers take their time to go. */
export const closeMs = (kind: TestbedKind = 'embedded'): number => (kind === 'kind' ? 60_000 : 4000)
