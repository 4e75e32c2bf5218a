import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
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

/** A fault that cannot happen on the scenario's dialect would be switched on and do nothing. Throws WEIR_FAULT_REFUSED. */
export function refuseForeignFaults(scenario: Scenario, names: readonly string[]): void {
  const { dialect } = scenario.cluster
  for (const { name, dialects } of FAULTS)
    if (names.includes(name) && dialects !== undefined && !dialects.includes(dialect))
      throw new WeirError(
        'WEIR_FAULT_REFUSED',
        `the fault ${name} cannot happen on ${dialect}, which ${scenario.name} is about: take a scenario of ${dialects.join(' or ')}`,
      )
}
