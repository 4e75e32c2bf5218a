import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'

const LARGEST = 0xffff_ffff

export function seedOption<Args>(yargs: Argv<Args>) {
  return yargs
    .option('seed', {
      type: 'number',
      default: 1,
      describe: 'random seed',
    })
    .check(({ seed }) => {
      if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST) return true
      throw new WeirError('WEIR_USAGE', `--seed takes a whole number from 0 to ${LARGEST}`)
    }, false)
}
