/**
 * How many connections the local ports of one address carry. Measured on Linux 6.18 with the usual 28,232 ports, by CPU of the
 * whole process for each 2,000 further connections: 0.07–0.1 s as long as the kernel finds a port at once, then 1.6 s (chosen at
 * connect, from 14,000 on) or 3 s (bound to an address, from 7,000 on) and rising. tools/benchmarks/port-search.ts measures it.
 */

/** Of the range others use some, and a closed connection keeps its port for a minute. */
const USABLE_SHARE = 0.9
/** Below the point where the search begins to cost, by the same share of others. */
const CHEAP_SHARE = 0.85

/** To one address and port, the source address left to the kernel: it looks at every second port first (inet_hash_connect). */
export function cheapUnbound(ports: number): number {
  return Math.floor((ports / 2) * CHEAP_SHARE)
}

/**
 * From one source address to all targets together: a socket that is bound to an address gets its port before its target is known, and
 * that search looks at every second port of the lower half first (inet_csk_find_open_port). Node has no IP_BIND_ADDRESS_NO_PORT.
 */
export function cheapBound(ports: number): number {
  return Math.floor((ports / 4) * CHEAP_SHARE)
}

/** What is possible at all: unbound to one address and port, bound from one source address. */
export function possible(ports: number): number {
  return Math.floor(ports * USABLE_SHARE)
}
