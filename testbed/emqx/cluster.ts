import type { Socket } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'
import type { Disturbance } from '#weir/facts/index.ts'
import { type Clock, realClock } from '../runtime/clock.ts'
import { hash32 } from '../runtime/hash.ts'
import { remembered } from '../runtime/memo.ts'
import { seededRandom } from '../runtime/random.ts'
import type { NodeDirectory } from '../types.ts'
import { Disturbed } from './disturbed.ts'
import { Group, type Role } from './group.ts'
import { listenersOf } from './http/listeners.ts'
import type { Credential } from './http/management-api.ts'
import { UNLIMITED_SESSIONS } from './license.ts'
import { EmqxLog } from './log/emqx-log.ts'
import { settingsOf4, settingsOf5 } from './log/settings.ts'
import { EmqxNode } from './node.ts'
import { NodeCore, type NodeHooks } from './node-core.ts'
import { profileOf } from './version.ts'

export interface EmqxClusterOptions {
  /** `emqx` is called once for each EMQX cluster. */
  faults: { emqx(): NodeHooks }
  seed: number
  clock?: Clock
  /** EMQX 5's default wait in waiting_health_check; default 60, as in EMQX. */
  healthCheckWaitSeconds?: number
}

export interface StartNodeOptions {
  /** e.g. "emqx-ee@emqx-ee-54fc496fb4-0.emqx-ee-headless.default.svc.cluster.local" */
  nodeName: string
  podName: string
  /** Which pod it is: another of the same name has lost what the first had stored. The pod's name when left out. */
  podUid?: string
  /** The set that made the pod: it tells generations apart. The pod's name without its last part when left out. */
  setName?: string
  /** Default core. */
  role?: Role
  /** How many sessions its licence admits, where the release has one; ten million when left out. */
  maxSessions?: number
  /** Address of its own; the node listens on its EMQX ports there. */
  ip: string
  /** A 4.4 or a 5.8 release. */
  version: string
  /** Nodes with the same key form one EMQX cluster. */
  clusterKey: string
  /** The text of its licence, which the first node of a cluster brings. */
  licence?: string | undefined
  /** Its configuration file, as HOCON; only what it says of the licence, of the log and of the API's ports is read. */
  configuration?: string | undefined
  /** The variables of its process; only what they say of the log and of the API's ports is read. */
  env?: ReadonlyMap<string, string>
  /** Takes the lines that it prints. */
  print?: (line: string) => void
  /** Applications of the management API, beside admin/public. */
  credentials?: readonly Credential[]
  /** From start to listeners open and cluster joined; default 0. */
  bootMs?: number
  /** From SIGTERM to the end of the process; default 1500. */
  terminateMs?: number
  /** Gives up a boot that is under way: nothing is opened any more. */
  signal?: AbortSignal
}

/** All emulated EMQX nodes of a testbed, in one or several EMQX clusters. */
export interface EmqxCluster extends NodeDirectory {
  /** Resolves when the node serves; rejects when the signal aborts, an address is taken, or the version cannot be emulated. */
  startNode(options: StartNodeOptions): Promise<EmqxNode>
  /** Resolves when the first evacuation of any node starts. */
  readonly firstEvacuation: Promise<void>
  /** Begins a disturbance of a node, or of all. False where there is no node at the address. */
  disturb(disturbance: Disturbance): boolean
  /** Ends all nodes at once. */
  close(): void
}

const HEALTH_CHECK_WAIT_SECONDS = 60

/** What the nodes of one EMQX cluster share. */
interface Cluster {
  group: Group<NodeCore>
  hooks: NodeHooks
}

export function createEmqxCluster(options: EmqxClusterOptions): EmqxCluster {
  const { faults, seed, clock = realClock, healthCheckWaitSeconds = HEALTH_CHECK_WAIT_SECONDS } = options
  const groups = new Map<string, Cluster>()
  const byAddress = new Map<string, EmqxNode>()
  const first = Promise.withResolvers<void>()

  const groupOf = (key: string): Cluster =>
    remembered(groups, key, () => ({
      group: new Group<NodeCore>(clock, seededRandom(seed ^ hash32(key))),
      hooks: faults.emqx(),
    }))

  function makeNode(options: StartNodeOptions): EmqxNode {
    const version = profileOf(options.version)
    if (version === undefined)
      throw new WeirError(
        'WEIR_TESTBED',
        `EMQX ${options.version} cannot be emulated: those of 4.4 and from 5.8.5 on can`,
      )
    // Nodes of different majors form no cluster, even under one discovery name.
    const { group, hooks } = groupOf(
      version.api === 'v4' ? options.clusterKey : `${version.api} ${options.clusterKey}`,
    )
    if (group.licence.most === undefined) {
      if (options.licence !== undefined) group.licence.take(options.licence)
      if (options.configuration !== undefined) group.licence.configure(options.configuration)
    }
    const { print, env = new Map<string, string>() } = options
    const disturbed = new Disturbed(clock)
    const log = new EmqxLog({
      ...{ print, now: () => disturbed.wallMs(), api: version.api },
      settings: () =>
        version.api === 'v4'
          ? settingsOf4(env)
          : settingsOf5(env, [options.configuration ?? '', ...group.configs]),
    })
    const core = new NodeCore({
      ...{ log, disturbed },
      name: options.nodeName,
      role: options.role ?? 'core',
      podUid: options.podUid ?? options.podName,
      setName: options.setName ?? options.podName.replace(/-[^-]+$/, ''),
      healthCheckWaitSeconds,
      maxSessions: options.maxSessions ?? UNLIMITED_SESSIONS,
      version,
      group,
      clock,
      random: seededRandom(seed ^ hash32(options.nodeName)),
      hooks,
      listeners: listenersOf(version, { env, configuration: options.configuration }),
      onEvacuation: first.resolve,
    })
    const { ip, podName, terminateMs = 1500, credentials = [] } = options
    return new EmqxNode(core, { ip, podName, terminateMs, credentials })
  }

  return {
    firstEvacuation: first.promise,
    async startNode(options) {
      const node = makeNode(options)
      await booted(clock, options.bootMs ?? 0, options.signal)
      await node.start()
      if (options.signal?.aborted) {
        node.kill()
        throw options.signal.reason
      }
      byAddress.set(options.ip, node)
      return node
    },
    find(podIp) {
      const node = byAddress.get(podIp)
      if (node === undefined || !node.open) return undefined
      return { accept: (socket: Socket, port: number) => node.accept(socket, port) }
    },
    disturb({ what, seconds, podIp }) {
      const nodes = [...byAddress].flatMap(([ip, node]) =>
        node.open && (podIp === undefined || ip === podIp) ? [node] : [],
      )
      for (const node of nodes) disturbNode(node, what, seconds * 1000)
      return nodes.length > 0
    },
    close() {
      for (const node of byAddress.values()) node.kill()
      byAddress.clear()
    },
  }
}

/** How far a clock is put forward. */
const STEP_MS = 3_600_000

function disturbNode(node: EmqxNode, what: Disturbance['what'], ms: number): void {
  if (what === 'emqx-api-outage') node.core.disturbed.takeApiDown(ms)
  else if (what === 'network-cut') node.cut(ms)
  else if (what === 'clock-step') {
    node.core.disturbed.stepClock(STEP_MS)
    node.core.clock.after(ms, () => node.core.disturbed.stepClock(-STEP_MS))
  }
}

function booted(clock: Clock, bootMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    if (bootMs === 0) return resolve()
    const cancel = clock.after(bootMs, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    function abort(): void {
      cancel()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}
