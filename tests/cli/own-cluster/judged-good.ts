import * as assert from 'uvu/assert'
import type { Ended } from '../weir-process.ts'

/** Every assertion held; on a machine that was too busy to say so, as recorded. */
export function judgedGood({ code, stdout, stderr }: Ended): void {
  const isBusy = code === 3 && stdout.includes('the load-generator host did not keep up')
  assert.ok(code === 0 || isBusy, `exit ${code}\n${stdout}${stderr}`)
  assert.not.match(stdout, /^ *fail /m)
}

/** What an assertion said, whether or not the machine was too busy to vouch for it. */
export const holds = (id: string, words: string) =>
  new RegExp(`^ *(pass|inconclusive) +${id} [^]{0,300}?${words.replaceAll(' ', '\\s+')}`, 'm')
