import { missing, ok } from '../line.ts'
import {
  type ClientAddresses,
  chooseAddresses,
  chooseGiven,
  silentText,
  targetsText,
} from '../plan/address.ts'
import { type Answer, defineCheck, hasClients, isStopped } from './check.ts'

/** The Service has addresses that accept TCP connections from this machine, or those that the user gave do. */
export const clientAddress = defineCheck({
  id: 'client-address',
  title: 'Service',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: hasClients,
  needs: ['discovery', 'opened'],
  async run(facts) {
    const {
      discovery: { service },
      opened: { wayIn },
      connection,
    } = facts
    if (wayIn.addresses) {
      const chosen = await chooseGiven(wayIn.addresses, { isStopped: isStopped(facts) })
      if (typeof chosen === 'string')
        return {
          lines: [
            missing(`no address that was given answers: ${chosen}`, 'check --address, or leave it out'),
          ],
        }
      return answerOf(chosen, 'given by --address: whether they lead to this cluster is not known')
    }
    if (service.found === undefined)
      return {
        lines: [
          missing(
            `the Service for clients is unknown: ${service.why}`,
            'name the Service that clients use with --service, or their address with --address HOST:PORT',
          ),
        ],
      }
    const { name, type, noPort } = service.found
    if (noPort) return { lines: [missing(noPort.why, noPort.todo)] }
    const chosen = await chooseAddresses(service.found, connection, { isStopped: isStopped(facts) })
    if (typeof chosen === 'string')
      return {
        lines: [
          missing(
            `no address of Service ${name} (${type}) can be reached from here: ${chosen}`,
            'choose another port with --listener, another Service with --service, or say where clients connect with --address HOST:PORT',
          ),
        ],
      }
    return answerOf(chosen, `${chosen.kind} of Service ${name}`)
  },
})

function answerOf(chosen: ClientAddresses, what: string): Answer {
  const unused = chosen.silent.length > 0 ? `; not used: ${silentText(chosen)}` : ''
  return {
    lines: [ok(`clients connect to ${targetsText(chosen.answered)} (${what})${unused}`)],
    learned: { addresses: chosen },
  }
}
