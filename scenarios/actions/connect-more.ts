import { setTimeout as sleep } from 'node:timers/promises'
import { accessBeside, startFleet as start } from '#weir/bench/index.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { CLIENT_KIND, type ClientEvents, type NewcomersEvent } from '#weir/facts/index.ts'
import { recordApiFailure } from '../observe/api-failure.ts'
import { clientIdPattern, clientIdPrefix } from '../run/client-ids.ts'
import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'
import { clientTargets } from './client-targets.ts'
import { fleetSpec } from './start-fleet.ts'

const PER_SECOND = 100
const POLL_MS = 100
/** The last of them has this long to connect. */
const PATIENCE_MS = 10_000

/**
 * New clients connect through the Service, every node tells which of them it holds, and they leave. They keep no session, send nothing,
 * and are not part of the fleet.
 */
export async function connectMore(
  run: Run,
  { clients, perSecond, protocol }: Extract<Step, { action: 'connect-more' }>,
  signal: AbortSignal,
): Promise<void> {
  const { connection } = run.scenario.fleet
  await audited(run, 'connect-more', `${clients} clients through ${connection}`, async () => {
    const prefix = clientIdPrefix()
    const spec: FleetSpec = {
      ...fleetSpec(run, await clientTargets(run, connection, PATIENCE_MS)),
      clients,
      ...accessBeside(run.access, clients, clientIdPattern(prefix)),
      arrival: { kind: 'rate', perSecond: perSecond ?? PER_SECOND },
      groups: [{ name: 'newcomers', share: 1, protocol, persistent: false }],
      ...(perSecond !== undefined && { reconnect: { kind: 'fixed', baseMs: NEVER_MS } }),
    }
    const fromT = run.clock.now()
    const refusals = new Refusals(protocol)
    const fleet = await start(spec, (batch) => refusals.take(batch))
    try {
      const untilMs = performance.now() + (clients / (perSecond ?? PER_SECOND)) * 1000 + PATIENCE_MS
      const answered = () =>
        fleet.counters().online + (perSecond === undefined ? 0 : refusals.refused + refusals.overQuota)
      while (answered() < clients && performance.now() < untilMs && !signal.aborted) await sleep(POLL_MS)
      const { online, failed } = fleet.counters()
      const taken = await takenBy(run, prefix)
      const uneven = await whyUneven(run)
      const { refused, overQuota, unavailable } = refusals
      run.emit({
        ...{ type: 'newcomers', fromT, clients, connected: online, refused, overQuota, failed, ...taken },
        ...(perSecond !== undefined && { perSecond }),
        ...(unavailable > 0 && { unavailable }),
        ...(uneven !== undefined && { uneven }),
      })
      return `${online} connected`
    } finally {
      await fleet.stop()
    }
  })
}

/** Which of the clients each node lists now. */
async function takenBy(run: Run, prefix: string): Promise<Pick<NewcomersEvent, 'nodes' | 'complete'>> {
  const answers = await Promise.all(
    run.live.reachable.map(async (pod) => {
      try {
        const { connected, complete } = await run.cluster.emqx(pod).clients(pod.node, prefix)
        return { node: pod.node, clients: connected.length, complete }
      } catch (error) {
        recordApiFailure(run, 'clients', pod.name, error)
        return { node: pod.node, clients: 0, complete: false }
      }
    }),
  )
  return {
    nodes: answers.map(({ node, clients }) => ({ node, clients })),
    complete: answers.every(({ complete }) => complete),
  }
}

/** Quota exceeded (MQTT 5 §3.2.2.2). */
const OVER_QUOTA = 0x97
/** Server unavailable (MQTT 3.1.1 §3.2.2.3). */
const UNAVAILABLE = 3
/** Longer than any run: one that is refused does not come again. */
const NEVER_MS = 3_600_000

/** Refusing CONNACKs, those for a quota apart: a full licence says nothing of the nodes. */
class Refusals {
  refused = 0
  overQuota = 0
  unavailable = 0
  readonly #protocol: '5' | '3.1.1'

  constructor(protocol: '5' | '3.1.1') {
    this.#protocol = protocol
  }

  take({ length, kind, code }: ClientEvents): void {
    for (let i = 0; i < length; i++)
      if (kind[i] === CLIENT_KIND.refused) {
        if (code[i] === OVER_QUOTA) this.overQuota++
        else this.refused++
        if (this.#protocol === '3.1.1' && code[i] === UNAVAILABLE) this.unavailable++
      }
  }
}

/** Why the Service may lead one machine's clients elsewhere than chance would; undefined when nothing says so. */
async function whyUneven({ cluster, scenario }: Run): Promise<string | undefined> {
  const { connection } = scenario.fleet
  if (cluster.wayIn.addresses) return 'clients connect to addresses that the user gave'
  if (connection === 'loadBalancer') return 'a load balancer deals out the connections'
  const name = await cluster.clientService()
  const { spec } = await cluster.kube.get<Service>(resources.services, cluster.namespace, name)
  if (spec.sessionAffinity === 'ClientIP') return 'sessionAffinity ClientIP'
  if ((connection === 'nodePort' || connection === 'externalIP') && spec.externalTrafficPolicy === 'Local')
    return 'externalTrafficPolicy Local'
  return undefined
}
