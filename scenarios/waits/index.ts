import type { WaitName } from '../types.ts'
import { changeBegun } from './change-begun.ts'
import { clientsLocated } from './clients-located.ts'
import { clusterReady } from './cluster-ready.ts'
import { draining } from './draining.ts'
import { exposed } from './exposed.ts'
import { fleetConnected } from './fleet-connected.ts'
import { gone } from './gone.ts'
import { heldUp } from './held-up.ts'
import { membersRunning } from './members-running.ts'
import { reverted } from './reverted.ts'
import { running } from './running.ts'
import { settingRead } from './setting-read.ts'
import { stopped } from './stopped.ts'
import { upgraded } from './upgraded.ts'
import type { Wait } from './wait.ts'

/** What a step can wait for. */
export const waits: Readonly<Record<WaitName, Wait>> = {
  'cluster-ready': clusterReady,
  'fleet-connected': fleetConnected,
  'clients-located': clientsLocated,
  running,
  'members-running': membersRunning,
  'setting-read': settingRead,
  'held-up': heldUp,
  reverted,
  'change-begun': changeBegun,
  draining,
  upgraded,
  stopped,
  gone,
  exposed,
}
