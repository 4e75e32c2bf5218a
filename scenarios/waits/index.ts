import { clientsLocated } from './clients-located.ts'
import { clusterReady } from './cluster-ready.ts'
import { fleetConnected } from './fleet-connected.ts'
import { upgraded } from './upgraded.ts'
import type { Wait } from './wait.ts'

/** What a step can wait for. One file a wait. */
export const waits: Readonly<
  Record<'cluster-ready' | 'fleet-connected' | 'clients-located' | 'upgraded', Wait>
> = {
  'cluster-ready': clusterReady,
  'fleet-connected': fleetConnected,
  'clients-located': clientsLocated,
  upgraded,
}
