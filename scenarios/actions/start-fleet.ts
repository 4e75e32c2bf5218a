import { startFleet as start } from '#weir/bench/index.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import { probe } from '../observe/probe.ts'
import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** MQTT.js, paho and most others wait this long for a CONNACK. */
const CONNACK_TIMEOUT_MS = 30_000

function fleetSpec(run: Run, target: FleetSpec['targets'][number]): FleetSpec {
  const { clients, arrival, groups, keepAliveSeconds, reconnect, connectsInFlight } = run.scenario.fleet
  return {
    clients,
    arrival,
    groups,
    keepAliveSeconds,
    reconnect,
    connectsInFlight,
    seed: run.seed,
    targets: [target],
    clientId: 'weir-%i',
    endSessions: true,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    connackTimeoutMs: CONNACK_TIMEOUT_MS,
    workers: 0,
    clockZeroNs: run.clock.zeroNs,
    ...run.mqttUser,
  }
}

/** Starts the fleet, and beside it the probe, through the address that the Service publishes. */
export async function startFleet(run: Run, step: Extract<Step, { action: 'start-fleet' }>): Promise<void> {
  const { connection, clients } = run.scenario.fleet
  const waitMs = typeof step.deadlineSeconds === 'number' ? step.deadlineSeconds * 900 : 60_000
  await audited(run, 'start-fleet', `${clients} clients through ${connection}`, async () => {
    const target = await run.cluster.serviceAddress(connection, waitMs)
    const fleet = await start(fleetSpec(run, target), (batch) => run.record.clients(batch))
    run.cleanUp.add(() => fleet.stop())
    run.fleet = fleet
    fleet.ended.catch((error: unknown) =>
      run.lose(error instanceof Error ? error.message : String(error), error),
    )
    await run.record.fleet(fleet.table)
    const probing = probe(run, target)
    run.cleanUp.add(() => probing.stop())
    return `${target.host}:${target.port}`
  })
}
