import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'

export async function assertRejects(
  promise: Promise<unknown>,
  code: string,
  words: string | RegExp,
): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.instance(error, WeirError)
  assert.is((error as WeirError).code, code)
  assert.match((error as WeirError).message, words as RegExp)
}
