import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { EXIT, messageOf, WeirError, WeirErrors } from '#weir/errors/index.ts'
import { withoutSecretsInText } from '#weir/record/secret-text.ts'
import { withoutSecretValues } from '#weir/record/secret-values.ts'

/** An error as the user sees it. */
export interface Failure {
  lines: string[]
  exitCode: number
}

/**
 * One line for an error of the catalogue, or for each of several. Any other error is a defect of weir: its details go to a file. `debug` adds the
 * chain of causes.
 */
export function describeFailure(error: unknown, debug: boolean): Failure {
  if (error instanceof WeirError) {
    const each = error instanceof WeirErrors ? error.errors : [error]
    const lines = each.flatMap((one) => [
      `weir: ${oneLine(withoutForeignSecrets(one))} [${one.code}]`,
      ...(debug ? causes(one) : []),
    ])
    return { lines, exitCode: error.exitCode }
  }
  const where = saveDetails(error)
  const what = oneLine(withoutForeignSecrets(error))
  const lines = [`weir: a defect of weir itself: ${what}; the details are in ${where} [WEIR_INTERNAL]`]
  if (debug) lines.push(inspect(error))
  return { lines, exitCode: EXIT.environment }
}

/** A message repeats words of servers, which are its cause's; those are searched by names too. In weir's own, "Password: set …" is advice. */
function withoutForeignSecrets(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: unknown }
  const message = messageOf(error)
  const foreign = cause instanceof Error ? cause.message : ''
  const kept = withoutSecretsInText(foreign)
  // The lines of a cause may have been joined.
  const said = [foreign, foreign.replaceAll(/\s*[\r\n]+\s*/g, ' '), foreign.replaceAll(/\s+/g, ' ')]
  const own = said.reduce((text, one) => (one === '' ? text : text.replaceAll(one, () => kept)), message)
  return withoutSecretValues(own)
}

/** Control characters in text from elsewhere must not break the line or control the terminal. */
export function oneLine(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/\p{Cc}/gu, '?')
    .trim()
}

function causes(error: Error): string[] {
  const lines: string[] = []
  for (let cause = error.cause; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined)
    lines.push(`  caused by: ${cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)}`)
  return lines
}

function saveDetails(error: unknown): string {
  try {
    const file = join(mkdtempSync(join(tmpdir(), 'weir-defect-')), 'details.txt')
    writeFileSync(
      file,
      `${inspect(error, { depth: 6 })}\n\nNode ${process.version} on ${process.platform} ${process.arch}\n`,
    )
    return file
  } catch {
    return 'no file, because the temporary folder cannot be written: run again with --debug'
  }
}
