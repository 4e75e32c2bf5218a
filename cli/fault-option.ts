import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { Fault } from '#weir/testbed/index.ts'

/** --fault NAME, repeatable. An unknown name is refused with a suggestion. */
export function faultOption<Args>(yargs: Argv<Args>) {
  return yargs
    .option('fault', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      defaultDescription: 'none',
      describe: 'switch on a fault of the embedded cluster; "weir faults list" lists them',
    })
    .check(async ({ fault }) => {
      if (fault.length > 0) await refuseUnknown(fault)
      return true
    }, false)
}

/** Loaded on demand: every fault imports the part of the testbed that it changes. */
const load = () => import('#weir/testbed/faults/index.ts')

async function refuseUnknown(names: readonly string[]): Promise<void> {
  const { FAULTS } = await load()
  const known = FAULTS.map((fault): string => fault.name)
  for (const name of names) {
    if (known.includes(name)) continue
    const hint = didYouMean(name, known) || ': "weir faults list" lists them'
    throw new WeirError('WEIR_FAULT_UNKNOWN', `there is no fault "${name}"${hint}`)
  }
}

/** Refuses faults that have no effect on the scenario's dialect or on its testbed. Throws WEIR_FAULT_REFUSED. */
export async function refuseForeignFaults(scenario: Scenario, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const { FAULTS } = await load()
  const { dialect } = scenario.cluster
  await refuseFaultsOfParts(names, scenario.testbed.kind)
  for (const { name, dialects } of FAULTS)
    if (names.includes(name) && dialects !== undefined && !dialects.includes(dialect))
      throw new WeirError(
        'WEIR_FAULT_REFUSED',
        `the fault ${name} does not apply to ${dialect}, the dialect of ${scenario.name}: use a scenario for ${dialects.join(' or ')}`,
      )
}

/** Parts of weir that each testbed has Kubernetes' own of: they have no faults to switch on. */
const REAL_PARTS: Record<Scenario['testbed']['kind'], readonly Fault['part'][]> = {
  embedded: [],
  'control-plane': ['controllers'],
  kind: ['controllers', 'proxy'],
}

/** Refuses faults of parts that the testbed does not have. Throws WEIR_FAULT_REFUSED. */
export async function refuseFaultsOfParts(
  names: readonly string[],
  testbed: Scenario['testbed']['kind'] = 'embedded',
): Promise<void> {
  if (names.length === 0 || REAL_PARTS[testbed].length === 0) return
  const { FAULTS } = await load()
  const foreign = FAULTS.find(({ name, part }) => names.includes(name) && REAL_PARTS[testbed].includes(part))
  if (foreign !== undefined)
    throw new WeirError(
      'WEIR_FAULT_REFUSED',
      `the fault ${foreign.name} changes weir's emulated ${foreign.part}, and the testbed ${testbed} has Kubernetes' own: use --testbed embedded`,
    )
}
