import { isIPv4 } from 'node:net'

export function isLoopback(address: string): boolean {
  return isIPv4(address) ? address.startsWith('127.') : address === '::1'
}

/** The whole of 127.0.0.0/8 is this machine's, on Linux without any set-up: 127.0.0.2, 127.0.0.3, … */
export function loopbackAddresses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const n = i + 2
    return `127.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
  })
}
