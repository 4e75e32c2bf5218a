import { sessionExpirySeconds } from '#weir/bench/engine/session-expiry.ts'
import { checkSpec } from '#weir/bench/fleet/check-spec.ts'
import { assignAccess, startFleet as start, targetName } from '#weir/bench/index.ts'
import type { AssignedAccess, Fleet, FleetAccess, FleetSpec, GroupSpec } from '#weir/bench/types.ts'
import { messageOf, usageError } from '#weir/errors/index.ts'
import type { ClientEvents, FleetGroup, FleetTable } from '#weir/facts/index.ts'
import { startInPods } from '../fleet-job/start-in-pods.ts'
import { subscribersOf, withoutSubscriber } from '../load/subscribers.ts'
import { probe } from '../observe/probe.ts'
import { clientIdPattern } from '../run/client-ids.ts'
import type { Run } from '../run/run.ts'
import type { Scenario, Step } from '../types.ts'
import { audited } from './audited.ts'
import { type ClientTargets, clientTargets } from './client-targets.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** MQTT.js, paho and most others wait this long for a CONNACK. */
const CONNACK_TIMEOUT_MS = 30_000

/** How clients of this run connect: spread over the targets, and on to the next where one does not answer. */
export const fleetSpec = ({ scenario, seed, access, clock }: Run, targets: ClientTargets): FleetSpec =>
  specOf({ fleet: scenario.fleet, seed, access, clockZeroNs: clock.zeroNs }, targets)

interface FleetOfRun {
  fleet: Scenario['fleet']
  seed: number
  access: AssignedAccess
  clockZeroNs: bigint
}

function specOf({ fleet, access, ...rest }: FleetOfRun, { targets, spares }: ClientTargets): FleetSpec {
  const { clients, arrival, groups, keepAliveSeconds, reconnect, connectsInFlight, leaveSessions } = fleet
  return {
    clients,
    arrival,
    groups,
    keepAliveSeconds,
    reconnect,
    connectsInFlight,
    targets,
    spares,
    failOver: true,
    // Otherwise a message could miss a subscriber that is still connecting.
    trafficStart: 'when-all-ready',
    endSessions: !leaveSessions,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    connackTimeoutMs: CONNACK_TIMEOUT_MS,
    workers: 0,
    ...rest,
    ...access,
  }
}

/** What any address would do for. */
const SOMEWHERE: ClientTargets = { targets: [{ host: 'localhost', port: 1 }], spares: 0 }

/** Refuses a fleet whose clients cannot be those of `access`, before anything is started for it. Reads certificates. Throws WEIR_USAGE. */
export function checkFleet(fleet: Scenario['fleet'], access: FleetAccess): void {
  const { clients, groups } = fleet
  const assigned = assignAccess(access, clients, clientIdPattern('weir-run-'))
  // Whether there may be so many is asked elsewhere.
  const few = { ...fleet, clients: 1 }
  if (clients > 0) checkSpec(specOf({ fleet: few, seed: 1, access: assigned, clockZeroNs: 0n }, SOMEWHERE))
  const { username, password, credentials = {} } = assigned
  const { usernames = username, passwords = password } = credentials
  // MQTT 3.1.1 §3.1.2.9: without a user name there is no password.
  if (
    passwords !== undefined &&
    usernames === undefined &&
    groups.some(({ protocol }) => protocol === '3.1.1')
  )
    throw usageError(
      'a password without a user name, and some clients of the fleet speak MQTT 3.1.1, which requires one: add --username',
    )
}

/** Adds traffic and subscribers to the fleet table; a fleet without traffic is returned unchanged. */
function withTraffic(run: Run, spec: FleetSpec, table: FleetTable): FleetTable {
  if (!spec.groups.some(({ publish, will }) => publish || will)) return table
  const subscribers = subscribersOf(spec)
  for (const { group, what, clients, unheard } of withoutSubscriber(spec, subscribers))
    run.emit({
      type: 'note',
      level: 'info',
      text: `${unheard} of ${clients} clients of "${spec.groups[group]!.name}" have no subscriber in the fleet for their ${what === 'will' ? 'wills' : 'messages'}: ${clients === unheard ? 'none' : 'only the others'} can be verified`,
    })
  return {
    ...table,
    groups: table.groups.map((group, index) => ({ ...group, ...trafficOf(spec.groups[index]!) })),
    ...(spec.groups.some(({ will }) => will) && { willWatchers: [...subscribers.will] }),
  }
}

function trafficOf(group: GroupSpec): Partial<FleetGroup> {
  const { publish, will, protocol, persistent } = group
  const isFive = protocol === '5'
  return {
    ...(publish && { publishes: { qos: publish.qos, everyMs: publish.everyMs } }),
    ...(will && {
      will: {
        qos: will.qos,
        delaySeconds: isFive ? (will.delaySeconds ?? 0) : 0,
        sessionSeconds: persistent ? sessionExpirySeconds(group) : 0,
        retain: will.retain ?? false,
      },
    }),
  }
}

/** The fleet leaves; the record says what became of sessions that outlive it. */
async function stopFleet(run: Run, fleet: Fleet): Promise<void> {
  const { ended, left } = await fleet.stop()
  const stay = `stay on the cluster until they expire; their client ids begin with ${run.clientIdPrefix}`
  const note = (level: 'info' | 'warning', text: string) => run.emit({ type: 'note', level, text })
  if (run.scenario.fleet.leaveSessions)
    note('info', `fleet.leaveSessions: sessions of persistent clients ${stay}`)
  else if (left > 0) note('warning', `${left} of ${ended + left} sessions could not be ended and ${stay}`)
  else if (ended > 0) note('info', `sessions ended by a clean connect: ${ended}`)
}

function started(run: Run, spec: FleetSpec): Promise<Fleet> {
  const take = (batch: ClientEvents) => {
    run.state.attemptsOf(batch)
    run.record.clients(batch)
  }
  return run.fleetPods ? startInPods(run, run.fleetPods, spec, take) : start(spec, take)
}

/** Starts the fleet and the probe, through the addresses of the Service. */
export async function startFleet(run: Run, step: Extract<Step, { action: 'start-fleet' }>): Promise<void> {
  const { connection, clients, transport } = run.scenario.fleet
  const over = transport ? ` over ${transport.protocol}` : ''
  const waitMs = typeof step.deadlineSeconds === 'number' ? step.deadlineSeconds * 900 : 60_000
  await audited(run, 'start-fleet', `${clients} clients through ${connection}${over}`, async () => {
    const found = await clientTargets(run, connection, waitMs)
    const spec = fleetSpec(run, found)
    const fleet = await started(run, spec)
    run.cleanUp.add(() => stopFleet(run, fleet))
    run.state.fleetStarted(fleet, run.clock.now())
    fleet.ended.catch((error: unknown) => {
      run.emit({ type: 'process-end', process: 'generator', how: messageOf(error) })
      run.lose(messageOf(error), error)
    })
    for (const text of fleet.notes) run.emit({ type: 'note', level: 'warning', text })
    await run.record.fleet(withTraffic(run, spec, fleet.table))
    const probing = probe(run, found.targets[0]!)
    run.cleanUp.add(() => probing.stop())
    return found.targets.map(targetName).join(', ')
  })
}
