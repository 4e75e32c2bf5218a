import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import { usageError, WeirError } from '#weir/errors/index.ts'
import { isLoopback } from './plan-sources.ts'

/** Refuses source addresses that are invalid, not this machine's, or cannot reach a target. Throws WEIR_USAGE or WEIR_PORTS. */
export async function checkAddresses(
  addresses: readonly string[],
  targets: readonly { address: string; host: string }[],
): Promise<void> {
  if (addresses.length === 0)
    throw usageError('fleet: the list of source addresses is empty: omit it or add one')
  for (const address of addresses) {
    if (isIP(address) === 0)
      throw usageError(`the source address "${address}" is not an IP address: use one such as 192.0.2.7`)
    for (const target of targets) requireWay(address, target)
    const code = await bindError(address)
    if (code)
      throw new WeirError(
        'WEIR_PORTS',
        `this machine cannot connect from ${address} (${code}): add the address (ip address add), or use another one`,
      )
  }
}

function requireWay(source: string, { address, host }: { address: string; host: string }): void {
  const target = host === address ? address : `${host} (${address})`
  if (isIP(source) !== isIP(address))
    throw usageError(
      `the source address ${source} is IPv${isIP(source)} and the target ${target} IPv${isIP(address)}: use addresses of one family`,
    )
  if (isLoopback(source) && !isLoopback(address))
    throw usageError(
      `the source address ${source} is a loopback address, but the target ${target} is not on this machine: use an address of a network interface`,
    )
}

/** A datagram socket binds an address like a connection, without side effects. */
function bindError(address: string): Promise<string | undefined> {
  const socket = createSocket(isIP(address) === 4 ? 'udp4' : 'udp6')
  return new Promise<string | undefined>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.bind(0, address, () => resolve(undefined))
  }).finally(() => socket.close())
}
