import type { ErrorCode } from '#weir/errors/index.ts'

/** What the testbed's process tells the one that started it. */
export type ChildMessage =
  | { type: 'ready'; kubeconfig: string }
  | { type: 'failed'; code: ErrorCode; message: string }

/** The first word on each line of the log that reports an end. */
export const FATAL = 'fatal:'
