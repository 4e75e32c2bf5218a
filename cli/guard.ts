import { describeFailure } from './failure.ts'

/**
 * Reports an uncaught exception or rejection as a defect: one line instead of a stack trace. The process ends at once; a record
 * keeps what was flushed.
 */
export function guardProcess(): void {
  const end = (error: unknown) => {
    const failure = describeFailure(error, process.argv.includes('--debug'))
    for (const line of failure.lines) process.stderr.write(`${line}\n`)
    process.exit(failure.exitCode)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
