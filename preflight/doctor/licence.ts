import { missing, ok, unknown } from '../line.ts'
import { defineCheck, hasClients } from './check.ts'

/** EMQX refuses clients beyond its licence (docs/contract/emqx.md#licence). */
export const licence = defineCheck({
  id: 'licence',
  title: 'licence',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: hasClients,
  asksNodes: true,
  needs: ['discovery'],
  run({ discovery: { licence: found }, clients, otherClients = 0, otherSessions = 0 }) {
    if (found.found === undefined)
      return {
        lines: [
          unknown(
            `the licence is unknown: ${found.why.replace(/\.$/, '')}`,
            `check that it allows ${clients} more clients`,
          ),
        ],
      }
    const { most, expired, expiresOn, type } = found.found
    // A session counts whether its client is connected or not.
    const spare = most - otherClients - otherSessions
    const left = otherSessions === 0 ? '' : ` and ${otherSessions} more have a session`
    const says = `for ${most} clients${type === undefined ? '' : ` (${type})`}, of which ${otherClients} are connected${left}`
    if (expired)
      return {
        lines: [missing(`the licence has expired${expiresOn ? ` on ${expiresOn}` : ''}`, 'renew it')],
      }
    if (clients > spare)
      return {
        lines: [
          missing(
            `the licence is ${says}: too few are left for ${clients} more`,
            `get a larger one, or use fewer clients, e.g. ${Math.max(0, Math.floor(spare * 0.9))}`,
          ),
        ],
      }
    return { lines: [ok(says)] }
  },
})
