import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** This machine's addresses on the interface that reaches a target, the kernel's choice first. Empty when there is no route. */
export async function ownAddresses(
  target: string,
  interfaces: Interfaces = networkInterfaces(),
): Promise<string[]> {
  const usual = await usualSource(target)
  if (usual === undefined) return []
  const family = isIPv4(target) ? 'IPv4' : 'IPv6'
  const there = Object.values(interfaces).find((infos) => infos?.some(({ address }) => address === usual))
  const others = (there ?? []).flatMap((info) =>
    info.family === family && info.address !== usual && !info.scopeid ? [info.address] : [],
  )
  return [usual, ...others]
}

/** Those from which every one of the targets is reached. */
export async function ownAddressesFor(targets: readonly { address: string }[]): Promise<string[]> {
  const lists = await Promise.all(targets.map(({ address }) => ownAddresses(address)))
  return lists.reduce((common, list) => common.filter((address) => list.includes(address)))
}

/** Connecting a datagram socket asks the routing table and sends nothing. */
async function usualSource(target: string): Promise<string | undefined> {
  const socket = createSocket(isIPv4(target) ? 'udp4' : 'udp6')
  try {
    const connected = once(socket, 'connect')
    socket.connect(9, target)
    await connected
    return socket.address().address
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}

/** Local ports that the kernel gives to connections, both ends included. */
interface PortRange {
  low: number
  high: number
}

/** Linux's range, for IPv6 too; undefined on other systems. */
export function portRange(): PortRange | undefined {
  try {
    return parsePortRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'))
  } catch {
    return undefined
  }
}

export function parsePortRange(text: string): PortRange | undefined {
  const [low, high] = text.trim().split(/\s+/).map(Number)
  return low! > 0 && high! >= low! ? { low: low!, high: high! } : undefined
}

export function portsIn({ low, high }: PortRange): number {
  return high - low + 1
}
