import type { RunView } from '#weir/record/view/index.ts'
import type { AddressChange } from './address-ledger.ts'

/** Where the fleet of this run connects, as the audit has it: "10.0.0.4:1883". Undefined without a fleet. */
const fleetAddress = (run: RunView): string | undefined =>
  run.of('action').find(({ action, phase }) => action === 'start-fleet' && phase === 'done')?.detail

/** How many clients were connected through an address when it became another: to them it is lost, whatever becomes of their connection. */
export function clientsThrough(run: RunView, { t, what, from, to }: AddressChange): number {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(fleetAddress(run) ?? '') ?? []
  const key = what === 'node-port' ? port : host
  const isGone = from.split(', ').includes(key) && !to.split(', ').includes(key)
  if (!isGone || !(what === 'node-port' || what === 'cluster-ip' || what === 'load-balancer')) return 0
  const { connections } = run
  let clients = 0
  for (let row = 0; row < connections.length; row++)
    if (connections.from[row]! <= t && t < connections.to[row]!) clients++
  return clients
}
