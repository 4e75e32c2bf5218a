import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'

const LARGEST = 0xffff_ffff

/** --seed N: what every random choice of a run grows from. */
export function seedOption<Args>(yargs: Argv<Args>) {
  return yargs
    .option('seed', {
      type: 'number',
      default: 1,
      describe: 'number that every random choice of the run grows from',
    })
    .check(({ seed }) => {
      if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST) return true
      throw new WeirError('WEIR_USAGE', `--seed takes a whole number from 0 to ${LARGEST}`)
    }, false)
}
