import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

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
    .check(async ({ fault }) => {
      if (fault.length > 0) await refuseUnknown(fault)
      return true
    }, false)
}

/** Loaded on demand: every fault brings the part of the testbed that it changes. */
const load = () => import('#weir/testbed/faults/index.ts')

async function refuseUnknown(names: readonly string[]): Promise<void> {
  const { FAULTS } = await load()
  const known = FAULTS.map((fault): string => fault.name)
  for (const name of names) {
    if (known.includes(name)) continue
    const hint = didYouMean(name, known) || ': "weir faults list" shows them all'
    throw new WeirError('WEIR_FAULT_UNKNOWN', `there is no fault "${name}"${hint}`)
  }
}

/** A fault that cannot happen on the scenario's dialect would be switched on and do nothing. Throws WEIR_FAULT_REFUSED. */
export async function refuseForeignFaults(scenario: Scenario, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const { FAULTS } = await load()
  const { dialect } = scenario.cluster
  for (const { name, dialects } of FAULTS)
    if (names.includes(name) && dialects !== undefined && !dialects.includes(dialect))
      throw new WeirError(
        'WEIR_FAULT_REFUSED',
        `the fault ${name} cannot happen on ${dialect}, which ${scenario.name} is about: take a scenario of ${dialects.join(' or ')}`,
      )
}
