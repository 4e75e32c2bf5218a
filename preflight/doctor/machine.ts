import { machineChecks } from '../machine/index.ts'
import { readMachine } from '../machine/read-machine.ts'
import { type Check, defineCheck, type Facts, hasClientsHere } from './check.ts'

/** The load generator's checks of this machine, all on one set of readings. */
export const machine: readonly Check[] = machineChecks.map(({ id, title, code, run }) =>
  defineCheck({
    id,
    title,
    code,
    matters: hasClientsHere,
    needs: [],
    async run(facts) {
      const request = { clients: facts.clients, ...targetsOf(facts) }
      const readings = facts.machine ?? (await readMachine(request))
      return { lines: run(request, readings), learned: { machine: readings } }
    },
  }),
)

function targetsOf({ addresses }: Facts) {
  return addresses ? { targets: addresses.answered } : {}
}
