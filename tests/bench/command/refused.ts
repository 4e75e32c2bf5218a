import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'

/** Expects a refusal of the command line that says these words. */
export function refused(act: () => unknown, words: string): void {
  assert.throws(
    act,
    (error: unknown) =>
      error instanceof WeirError && error.code === 'WEIR_USAGE' && error.message.includes(words),
  )
}
