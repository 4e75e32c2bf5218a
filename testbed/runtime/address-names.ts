/**
 * A host name that needs no DNS: resolvers take it for the address that it writes in hexadecimal digits, and Kubernetes for a name.
 *
 * @example nameOf('127.3.8.2') // "0x7f030802"
 */
export const nameOf = (ip: string): string =>
  `0x${ip
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`

/** The address of such a name; of any other, undefined. */
export function addressOfName(name: string): string | undefined {
  const [, digits] = /^0x([0-9a-f]{8})$/.exec(name) ?? []
  return digits && (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)).join('.')
}
