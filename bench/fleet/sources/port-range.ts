import { readFileSync } from 'node:fs'

/** Local ports that the kernel gives to connections, both ends included. */
export interface PortRange {
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
