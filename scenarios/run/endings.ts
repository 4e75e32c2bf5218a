import { withoutSecretsInText } from '#weir/record/index.ts'

/** The user ended the run (SIGINT, SIGTERM). */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
    this.name = 'Interrupted'
  }
}

/** Something that the run needs is gone. */
export class RunLost extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'RunLost'
  }
}

/** A step timed out or was refused. Its words may be a server's, so secrets are taken out of them. */
export class StepFailure extends Error {
  readonly phase: 'timeout' | 'failed'
  readonly lastMismatch: string | undefined
  /** The change was refused, by weir or by the API server: nothing was written. */
  readonly refused: boolean

  constructor(
    phase: 'timeout' | 'failed',
    message: string,
    lastMismatch?: string,
    options?: { cause?: unknown; refused?: boolean },
  ) {
    super(withoutSecretsInText(message), options)
    this.name = 'StepFailure'
    this.phase = phase
    this.refused = options?.refused ?? false
    this.lastMismatch = lastMismatch === undefined ? undefined : withoutSecretsInText(lastMismatch)
  }
}
