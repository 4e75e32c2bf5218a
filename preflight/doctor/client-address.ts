import { missing, ok } from '../line.ts'
import { chooseAddress } from '../plan/address.ts'
import { defineCheck, hasClients } from './check.ts'

/** The Service has an address that this machine can open a TCP connection to. */
export const clientAddress = defineCheck({
  id: 'client-address',
  title: 'Service',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: hasClients,
  needs: ['discovery'],
  async look({ discovery: { service }, connection }) {
    if (service.found === undefined)
      return {
        lines: [missing(`the Service that clients use is not known: ${service.why}`, 'make one first')],
      }
    const { name, type } = service.found
    const chosen = await chooseAddress(service.found, connection)
    if (typeof chosen === 'string')
      return {
        lines: [
          missing(
            `no address of Service ${name} (${type}) can be reached from here: ${chosen}`,
            'give it a nodePort or a load balancer, or run weir where its address can be reached',
          ),
        ],
      }
    const { kind, host, port } = chosen
    return {
      lines: [ok(`clients go to ${host}:${port} (${kind} of Service ${name})`)],
      learned: { address: chosen },
    }
  },
})
