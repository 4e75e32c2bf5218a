import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import type { Fleet, FleetMember, FleetSpec } from '#weir/bench/types.ts'
import type { ClientEvents } from '#weir/facts/index.ts'
import type { Run } from '../run/run.ts'
import type { FleetPods } from './start-pods.ts'

/** Starts the fleet in the pods that wait for it, and records what becomes of each. Throws as `startFleet`, and WEIR_FLEET_JOB. */
export async function startInPods(
  run: Run,
  pods: FleetPods,
  spec: FleetSpec,
  take: (batch: ClientEvents) => void,
): Promise<Fleet> {
  const hosting = pods.hosting({
    compared: (pod, { aheadMs, errorMs, tookMs, trips }) =>
      run.emit({ type: 'fleet-clock', pod, tookNs: Math.round(tookMs * 1e6), trips, aheadMs, errorMs }),
    warned: (text) => run.emit({ type: 'note', level: 'warning', text }),
  })
  const fleet = await startFleet(spec, take, hosting)
  for (const member of fleet.members ?? []) follow(run, member)
  return fleet
}

function follow(run: Run, { name: pod, shards, of, lost }: FleetMember): void {
  const whose = { type: 'fleet-pod', pod, shards, of } as const
  run.emit({ ...whose, phase: 'running' })
  void lost.then(({ how, sinceMs }) => {
    run.emit({ ...whose, phase: 'lost', how, sinceT: Math.round(sinceMs * 1e6) })
    run.state.warned(`${how}; its clients are unknown from now on`)
    // Nothing is changed with half a fleet.
    if (run.state.trigger === undefined) run.lose(`${how}, before anything was changed`)
  })
}
