import { missing, ok } from '../line.ts'
import { chooseAddress } from '../plan/address.ts'
import { defineCheck, hasClients, isStopped } from './check.ts'

/** The Service has an address that accepts TCP connections from this machine. */
export const clientAddress = defineCheck({
  id: 'client-address',
  title: 'Service',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: hasClients,
  needs: ['discovery'],
  async run(facts) {
    const {
      discovery: { service },
      connection,
    } = facts
    if (service.found === undefined)
      return {
        lines: [missing(`the Service for clients is unknown: ${service.why}`, 'create one first')],
      }
    const { name, type } = service.found
    const chosen = await chooseAddress(service.found, connection, { isStopped: isStopped(facts) })
    if (typeof chosen === 'string')
      return {
        lines: [
          missing(
            `no address of Service ${name} (${type}) can be reached from here: ${chosen}`,
            'add a nodePort or a load balancer, or run weir where its address can be reached',
          ),
        ],
      }
    const { kind, host, port } = chosen
    return {
      lines: [ok(`clients connect to ${host}:${port} (${kind} of Service ${name})`)],
      learned: { address: chosen },
    }
  },
})
