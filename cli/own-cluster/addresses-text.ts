import { addressText, hostAndPort, type ServiceAddress, type ServiceAddresses } from '#weir/facts/index.ts'
import { addressesAt, type RunView } from '#weir/record/view/index.ts'
import { alignedRows } from '../table.ts'

interface Row {
  service: string
  address: ServiceAddress
}

const rowsOf = (services: readonly ServiceAddresses[]): Row[] =>
  services.flatMap(({ service, addresses }) => addresses.map((address) => ({ service, address })))

const place = ({ service, address: { kind, name } }: Row) => `${service} ${kind} ${name}`
const isSame = (a: Row, b: Row) => place(a) === place(b) && addressText(a.address) === addressText(b.address)

/** The addresses of a cluster after an operation, one a line, and what each was before it. Empty where the record has no Services. */
export function addressesText(run: RunView, columns: number): string {
  const { trigger, end } = run.moments
  const after = rowsOf(addressesAt(run, end))
  const before = rowsOf(addressesAt(run, trigger ?? end))
  if (after.length + before.length === 0) return ''
  const old = before.filter((row) => !after.some((one) => isSame(one, row)))
  const left = new Set(old)
  const rows = after.map((row) => {
    const isKept = before.some((one) => isSame(one, row))
    const was = isKept ? undefined : old.find((one) => left.has(one) && place(one) === place(row))
    if (was) left.delete(was)
    const note = isKept ? '' : was ? `, was ${hostAndPort(was.address)}` : ', new'
    return [row.service, row.address.name, `${addressText(row.address)}${note}`]
  })
  const gone = [...left].map((row) => [row.service, row.address.name, `${addressText(row.address)}, gone`])
  const changed = rows.filter(([, , text]) => /, (was .*|new)$/.test(text!)).length + gone.length
  const heading = changed === 0 ? 'Addresses, as before:' : `Addresses, ${changed} changed:`
  const indented = alignedRows([...rows, ...gone], columns - 2).replaceAll(/^/gm, '  ')
  return `${heading}\n${indented}\n`
}
