import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import { FAULTS } from '#weir/testbed/faults/catalogue.ts'

/** --fault NAME, any number of times; an unknown one is refused with the name that was meant. */
export function faultOption<Args>(yargs: Argv<Args>) {
  return yargs
    .option('fault', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      defaultDescription: 'none',
      describe: 'switch a misbehaviour of the embedded cluster on ("weir faults list" shows them)',
    })
    .check(({ fault }) => {
      refuseUnknown(fault)
      return true
    }, false)
}

function refuseUnknown(names: readonly string[]): void {
  const known = FAULTS.map((fault) => fault.name)
  for (const name of names) {
    if (known.includes(name)) continue
    const hint = didYouMean(name, known) || ': "weir faults list" shows them all'
    throw new WeirError('WEIR_FAULT_UNKNOWN', `there is no fault "${name}"${hint}`)
  }
}
