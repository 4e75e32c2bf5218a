import { type AddressRecord, DOMAIN } from './records.ts'

/** The lines of a hosts file that answers these names as a pod of `namespace` would have them answered. */
export function hostsFile(addresses: readonly AddressRecord[], namespace: string): string {
  const lines = addresses.map(({ name, namespace: home, ip }) => {
    const short = home === namespace ? [name.slice(0, -(home.length + 1))] : []
    return [ip, `${name}.${DOMAIN}`, `${name}.svc`, name, ...short].join(' ')
  })
  return ['127.0.0.1 localhost', ...lines, ''].join('\n')
}
