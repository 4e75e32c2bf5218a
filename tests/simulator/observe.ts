import type { Scrape } from '#weir/facts/index.ts'
import type { SimFleet } from './fleet.ts'
import type { SimNode } from './node.ts'
import { Random } from './random.ts'
import { ns } from './recorder.ts'
import type { World } from './world.ts'

/** The harness's eyes: scrapes, samples, listings, probes, and its own health. */
export function observe(world: World, fleet: SimFleet): void {
  const { parameters, listingSeconds, prometheusSeconds } = world.settings
  if (prometheusSeconds) prometheus(world, prometheusSeconds)
  const { random } = world
  world.every(parameters.scrapeIntervalSeconds, () => scrapeAll(world))
  world.every(parameters.sampleIntervalSeconds, () => sample(world), random.between(0, 1))
  world.every(listingSeconds, () => listAll(world, fleet), random.between(0, 1))
  world.every(1, () => probe(world), random.between(0, 1))
  world.every(1, () => health(world), random.between(0, 1))
}

/** Gauges are renewed every two seconds, each node at its own time. */
export function keepGauges(world: World): void {
  const known = new Set<SimNode>()
  world.every(0.1, () => {
    for (const node of world.nodes) {
      if (known.has(node) || !node.joined) continue
      known.add(node)
      const lie =
        world.fault('gauge-lies') && node.version === world.settings.parameters.targetVersion ? 1.1 : 1
      node.renewGauges(lie)
      world.every(2, () => node.renewGauges(lie), world.random.between(0, 2))
    }
  })
}

const alive = (world: World) => world.nodes.filter((node) => node.joined && !node.stopped)

function scrapeAll(world: World): void {
  for (const node of alive(world)) scrape(world, node, world.random, world.recorder.scrapes)
}

function scrape(world: World, node: SimNode, random: Random, into: Scrape[]): void {
  const { settings, agenda } = world
  const { connectionsMetric, liveConnectionsMetric } = settings.parameters.dialect
  const took = random.latency(settings.apiSeconds, 0.5)
  agenda.after(took, () => {
    if (world.finished) return
    const failed = node.stopped
    into.push({
      t: ns(world.now),
      tookNs: ns(took),
      pod: node.pod,
      node: node.name,
      ok: !failed,
      ...(failed ? { error: 'ECONNREFUSED' } : { status: 200 }),
      metrics: failed
        ? {}
        : {
            [connectionsMetric]: node.shown.channels,
            ...(node.hasLiveGauge && { [liveConnectionsMetric]: node.shown.live }),
          },
    })
  })
}

/** Prometheus finds a pod some time after it is there, and scrapes each at a moment of its own within the interval. */
function prometheus(world: World, everySeconds: number): void {
  const random = new Random(world.settings.seed + 401)
  const known = new Set<SimNode>()
  world.every(0.5, () => {
    for (const node of alive(world)) {
      if (known.has(node)) continue
      known.add(node)
      const act = () => {
        if (!node.stopped) scrape(world, node, random, world.recorder.prometheus)
      }
      world.every(everySeconds, act, random.between(0, everySeconds))
    }
  })
}

function sample(world: World): void {
  const { random, settings, agenda, recorder } = world
  const took = random.latency(settings.apiSeconds, 0.5)
  const [via] = alive(world)
  if (!via) return
  agenda.after(took / 2, () => {
    const evacuations = world.nodes.flatMap((node) => node.told(world.asked))
    const nodes = world.nodes
      .filter((node) => node.joined)
      .map((node) => ({
        node: node.name,
        running: !node.stopped,
        version: node.version,
        connections: node.sessions,
        liveConnections: node.connected.size,
      }))
    agenda.after(took / 2, () => {
      if (world.finished) return
      recorder.events.push({
        t: ns(world.now),
        type: 'evacuation',
        via: via.pod,
        tookNs: ns(took),
        evacuations,
      })
      recorder.events.push({ t: ns(world.now), type: 'nodes', via: via.pod, tookNs: ns(took), nodes })
    })
  })
}

function listAll(world: World, fleet: SimFleet): void {
  const { random, settings, agenda, recorder } = world
  for (const node of alive(world)) {
    const took = random.latency(settings.apiSeconds * 2, 1)
    agenda.after(took / 2, () => {
      if (node.stopped) return
      const connected = [...node.connected, ...node.ghosts].map((client) => fleet.table.ids[client] ?? '')
      const detached = [...node.parked].map((client) => fleet.table.ids[client] ?? '')
      agenda.after(took / 2, () => {
        if (world.finished) return
        recorder.events.push({
          t: ns(world.now),
          type: 'listing',
          node: node.name,
          via: node.pod,
          tookNs: ns(took),
          complete: true,
          connected,
          detached,
        })
      })
    })
  }
}

function probe(world: World): void {
  const { random, settings, agenda, recorder, now } = world
  const took = 4 * random.latency(settings.networkSeconds, 0.2)
  const dark = world.fault('blackout') && world.nodes.some((node) => blackout(node, world))
  const ok = world.members.length > 0 && !dark
  agenda.after(took, () => {
    if (world.finished) return
    recorder.events.push({
      t: ns(world.now),
      type: 'probe',
      ok,
      tookNs: ns(world.now) - ns(now),
      ...(!ok && { error: 'ECONNREFUSED' }),
    })
  })
}

const begun = new WeakMap<SimNode, number>()

/** The first five seconds of the first evacuation. */
function blackout(node: SimNode, world: World): boolean {
  if (!node.evacuation || world.old().some((other) => other !== node && other.stopped)) return false
  const since = begun.get(node) ?? world.now
  begun.set(node, since)
  return world.now < since + 5
}

function health(world: World): void {
  const { random, recorder, now } = world
  const starved = world.fault('starved-generator')
  recorder.events.push({
    t: ns(now),
    type: 'health',
    loopDelayP99Ms: starved ? 300 : random.latency(3, 30),
    loopDelayMaxMs: starved ? 305 : random.latency(5, 45),
    scheduleLagP99Ms: starved ? 300 : random.latency(4, 50),
    droppedEvents: 0,
    rssMiB: 100,
    cpuPercent: 40,
    clockSkewMs: random.between(-1, 1),
  })
}
