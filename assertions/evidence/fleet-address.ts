import { hostOf } from '#weir/facts/index.ts'
import { type RunView, targetsOfRows } from '#weir/record/view/index.ts'
import type { AddressChange } from './address-ledger.ts'

/** Where the fleet of this run connects, as the audit has it: "10.0.0.4:1883, 10.0.0.5:1883". Empty without a fleet. */
const fleetAddresses = (run: RunView): readonly string[] =>
  run
    .of('action')
    .find(({ action, phase }) => action === 'start-fleet' && phase === 'done')
    ?.detail?.split(', ') ?? []

/** How many clients were connected through addresses when these became others: to them they are lost, whatever becomes of their connections. */
export function clientsThrough(run: RunView, change: AddressChange): number {
  const addresses = fleetAddresses(run)
  const lost = addresses.filter((address) => isLost(address, change))
  if (lost.length === 0) return 0
  return lost.length === addresses.length ? connectedAt(run, change.t) : connectedAt(run, change.t, lost)
}

function isLost(address: string, { what, from, to }: AddressChange): boolean {
  const { host, port } = hostOf(address)
  if (what === 'removed' || what === 'type') return false
  const key = what === 'node-port' ? port : host
  return from.split(', ').includes(key) && !to.split(', ').includes(key)
}

/** Clients with a connection at `t`, all or those through some addresses. */
function connectedAt({ connections, record }: RunView, t: number, through?: readonly string[]): number {
  const wanted = through && new Set(through.map((address) => record.clients.targets.indexOf(address)))
  const targets = targetsOfRows(record.clients, connections)
  let clients = 0
  for (let row = 0; row < connections.length; row++)
    if (connections.from[row]! <= t && t < connections.to[row]! && (wanted?.has(targets[row]!) ?? true))
      clients++
  return clients
}
