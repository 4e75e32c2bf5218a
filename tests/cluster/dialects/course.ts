import * as assert from 'uvu/assert'
import type { Dialect } from '#weir/cluster/types.ts'
import { recorded } from '../recorded.ts'

/** Each status of a recording in a letter: S settled, U updating, - neither; runs of the same letter as letter and count. */
export function courseOf(dialect: Dialect, recording: string): string {
  const letters = recorded(recording).map(({ object }) => {
    const { settled, updating } = dialect.readStatus(object)
    assert.not(settled && updating, 'a resource is never both')
    return settled ? 'S' : updating ? 'U' : '-'
  })
  return letters
    .join('')
    .replace(/(.)\1*/g, (run, letter) => `${letter}${run.length} `)
    .trim()
}
