import { machineChecks } from '../machine/index.ts'
import { takeReadings } from '../machine/take-readings.ts'
import { type Check, defineCheck, type Facts, hasClients } from './check.ts'

/** What the fleet needs of the machine that it runs on: the connection generator's own checks, on one reading. */
export const machine: readonly Check[] = machineChecks.map(({ id, title, code, look }) =>
  defineCheck({
    id,
    title,
    code,
    matters: hasClients,
    needs: [],
    async look(facts) {
      const request = { clients: facts.clients, ...targetsOf(facts) }
      const readings = facts.machine ?? (await takeReadings(request))
      return { lines: look(request, readings), learned: { machine: readings } }
    },
  }),
)

/** Where clients go to, when that was found out. */
function targetsOf({ address }: Facts) {
  return address ? { targets: [{ host: address.host, port: address.port }] } : {}
}
