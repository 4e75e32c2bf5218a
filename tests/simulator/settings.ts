import { type FleetGroup, type Parameters, UPDATE_ASSERTION_IDS } from '#weir/facts/index.ts'
import { Random } from './random.ts'

/** One simulated run: the scenario's numbers, and the habits of the machines in it. Times are seconds. */
export interface Settings {
  seed: number
  faults: ReadonlySet<string>
  parameters: Parameters
  groups: FleetGroup[]
  /** Time between two clients of the arrival schedule. */
  arrivalSeconds: number
  listingSeconds: number
  /** A Prometheus scrapes each pod so often; none without it. */
  prometheusSeconds?: number
  /** Whether the old and the new version have the gauge of live connections. */
  liveGauge: { old: boolean; new: boolean }
  /** Typical one-way latency between client and node, and of a look at the API. */
  networkSeconds: number
  apiSeconds: number
  /** How long one pass of the operator takes, at most. */
  passSeconds: number
  /** Work that a node does in each tick, which makes ticks later and later. */
  tickWorkSeconds: number
  /** The operator counts the initial delay anew before every node, as 2.1.2 was recorded to. */
  repeatsDelay: boolean
  /** When the run gives up waiting for the upgrade; the formula of docs/contract/upgrade.md#duration when it is left out. */
  deadlineSeconds?: number
  asserts: string[]
}

/** A random run in which the given faults have the time and the nodes to show. */
export function mutantOf(seed: number, fault: string): Settings {
  const settings = settingsOf(seed, [fault])
  const random = new Random(seed + 31)
  const nodes = random.pick([2, 3, 4])
  const connEvictRate = random.pick([5, 10])
  return {
    ...settings,
    parameters: {
      ...settings.parameters,
      nodes,
      connEvictRate,
      clients: Math.round(nodes * connEvictRate * random.between(38, 48)),
      waitTakeoverSeconds: random.pick([5, 10]),
      initialDelaySeconds: random.pick([5, 10]),
      pollIntervalSeconds: random.pick([2, 5, 20]),
      scrapeIntervalSeconds: random.pick([1, 2, 5]),
      reconnect: { policy: 'simulated', minMs: 1000, maxMs: random.pick([1000, 1500]) },
    },
    groups: [...settings.groups, ...groupsToo()],
  }
}

/** For whatever a fault is about there is somebody to whom it happens. */
function groupsToo(): FleetGroup[] {
  const persistent = { persistent: true, subscribed: true } as const
  const will = { qos: 1, delaySeconds: 0, sessionSeconds: 3600, retain: false } as const
  return [
    { name: 'clean-too', protocol: '5', persistent: false, subscribed: true },
    { name: 'kept-too', protocol: '5', ...persistent, publishes: { qos: 1, everyMs: 2000 } },
    { name: 'twice-kept', protocol: '3.1.1', ...persistent, publishes: { qos: 2, everyMs: 2000 }, will },
  ]
}

/** A random honest run. Everything follows from the seed. */
export function settingsOf(seed: number, faults: readonly string[] = []): Settings {
  const random = new Random(seed)
  const nodes = random.pick([1, 2, 3, 3, 3, 4, 5])
  const connEvictRate = random.pick([5, 10, 10, 20, 50, 100])
  // Long enough to be measured, short enough that 200 runs take seconds.
  const drainSeconds = random.between(8, 45)
  const clients = Math.max(Math.round(nodes * connEvictRate * drainSeconds), nodes * 30)
  const minMs = random.pick([200, 1000, 1000, 1000, 2000, 5000])
  const jitterMs = random.pick([0, 0, 0, 500, 1000])
  const liveOld = random.chance(0.5)
  return {
    seed,
    faults: new Set(faults),
    parameters: {
      clients: Math.min(clients, 1500),
      nodes,
      connEvictRate,
      sessEvictRate: random.pick([connEvictRate, 10, 50]),
      waitTakeoverSeconds: random.pick([5, 5, 3, 10, 0]),
      initialDelaySeconds: random.pick([5, 5, 10, 30]),
      pollIntervalSeconds: random.pick([2, 5, 20, 20]),
      scrapeIntervalSeconds: random.pick([1, 2, 5, 10]),
      sampleIntervalSeconds: 1,
      reconnect: { policy: 'simulated', minMs, maxMs: minMs + jitterMs },
      dialect: {
        name: 'v1beta4 EmqxEnterprise',
        operator: '2.1.2',
        healthCheckWaitSeconds: 0,
        evacuates: true,
        connectionsMetric: 'emqx_connections_count',
        liveConnectionsMetric: 'emqx_live_connections_count',
      },
      targetVersion: '4.4.15',
      holdSeconds: 30,
    },
    groups: groupsOf(random, new Random(seed + 211)),
    arrivalSeconds: random.pick([0.005, 0.01, 0.01]),
    listingSeconds: random.pick([2, 5]),
    liveGauge: { old: liveOld, new: liveOld || random.chance(0.7) },
    networkSeconds: random.pick([0.001, 0.003, 0.01]),
    apiSeconds: random.pick([0.01, 0.03, 0.08]),
    tickWorkSeconds: random.pick([0.002, 0.02, 0.04]),
    passSeconds: random.pick([0.15, 0.7]),
    repeatsDelay: random.chance(0.5),
    asserts: UPDATE_ASSERTION_IDS,
  }
}

/**
 * The same run with EMQX 5 and its operator: cores alone, or cores behind replicants; readiness gates, a look every
 * second, and a wait for health checks before each evacuation.
 */
export function withEmqx5(settings: Settings): Settings {
  const random = new Random(settings.seed + 97)
  const { parameters } = settings
  // None behind replicants: then the cores take the clients themselves.
  const cores = random.pick([0, 0, 1, 2, 3])
  return {
    ...settings,
    parameters: {
      ...parameters,
      nodes: parameters.nodes + cores,
      ...(cores > 0 && { servingNodes: parameters.nodes }),
      // A scenario that is to take a minute has them already.
      initialDelaySeconds: Math.max(parameters.initialDelaySeconds, 3),
      pollIntervalSeconds: 1,
      dialect: {
        name: 'v2beta1 EMQX',
        operator: '2.2.29',
        healthCheckWaitSeconds: random.pick([10, 60, 60]),
        evacuates: true,
        trafficSwitch: 'readiness-gate',
        skipsEmptyNodes: true,
        takeoverMayDuplicate: false,
        connectionsMetric: 'emqx_connections_count',
        liveConnectionsMetric: 'emqx_live_connections_count',
      },
      targetVersion: '5.8.7',
    },
    liveGauge: { old: true, new: true },
  }
}

/** What `weir run blue-green-v5-quick` has: EMQX 5 with a health-check wait of two seconds. */
export function quickEmqx5(settings: Settings): Settings {
  const five = withEmqx5(settings)
  const { parameters } = five
  const dialect = { ...parameters.dialect, healthCheckWaitSeconds: 2 }
  return { ...five, parameters: { ...parameters, dialect, initialDelaySeconds: 3 } }
}

/** The short numbers of a scenario that is to take a minute: waits as short as the operator's and EMQX's own ticks. */
export function quickened(settings: Settings): Settings {
  const random = new Random(settings.seed + 53)
  const connEvictRate = random.pick([20, 50, 100])
  return {
    ...settings,
    parameters: {
      ...settings.parameters,
      nodes: random.pick([2, 3]),
      connEvictRate,
      sessEvictRate: connEvictRate,
      clients: random.pick([300, 600]),
      waitTakeoverSeconds: 1,
      initialDelaySeconds: 3,
      pollIntervalSeconds: 1,
      scrapeIntervalSeconds: 1,
      sampleIntervalSeconds: 0.5,
      reconnect: { policy: 'simulated', minMs: 1000, maxMs: 1000 },
      holdSeconds: 5,
    },
    arrivalSeconds: 0.002,
    listingSeconds: 2,
    passSeconds: 0.15,
    deadlineSeconds: 150,
  }
}

/** What `weir run blue-green-quick` tries its faults at. */
export function quickMutantOf(seed: number, fault: string): Settings {
  const settings = quickened(mutantOf(seed, fault))
  const numbers = { clients: 300, nodes: 3, connEvictRate: 20, sessEvictRate: 20, initialDelaySeconds: 3 }
  return { ...settings, parameters: { ...settings.parameters, ...numbers } }
}

/** Groups as the scenarios have them: half the clients talk to each other, and half of those with MQTT 5 have wills. */
function groupsOf(random: Random, traffic: Random): FleetGroup[] {
  const everyMs = traffic.pick([3000, 5000, 15_000])
  const will = { qos: 1, retain: false } as const
  const atOnce = { ...will, delaySeconds: 0, sessionSeconds: 0 }
  const later = { ...will, delaySeconds: traffic.pick([60, 120]), sessionSeconds: 3600 }
  const clean: FleetGroup = {
    name: 'clean',
    protocol: '5',
    persistent: false,
    subscribed: true,
    will: atOnce,
  }
  const kept: FleetGroup = {
    name: 'kept',
    protocol: '5',
    persistent: true,
    subscribed: true,
    publishes: { qos: 1, everyMs },
    will: later,
  }
  const legacy: FleetGroup = { name: 'legacy', protocol: '3.1.1', persistent: false, subscribed: true }
  const legacyKept: FleetGroup = {
    name: 'legacy-kept',
    protocol: '3.1.1',
    persistent: true,
    subscribed: true,
    publishes: { qos: 2, everyMs },
  }
  return random.pick([
    [kept, clean, kept, legacy],
    [clean, legacy],
    [kept, legacyKept],
    [kept, clean, legacyKept, legacy],
  ])
}
