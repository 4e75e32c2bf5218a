import { takeoverSeconds } from '#weir/facts/index.ts'
import type { SimFleet } from './fleet.ts'
import type { SimNode } from './node.ts'
import type { World } from './world.ts'

/** EMQX's own part: evict at the rate, wait for takeovers, move the sessions that are left, then prohibit. */
export function evacuate(world: World, fleet: SimFleet, node: SimNode, recipients: SimNode[]): void {
  const wait = world.fault('skip-health-wait') ? 0 : world.settings.parameters.dialect.healthCheckWaitSeconds
  world.firstEvacuated ??= node
  node.evacuation = {
    state: wait > 0 ? 'waiting_health_check' : 'evicting_conns',
    recipients: recipients.map(({ name }) => name),
    initialConnected: node.connected.size,
    initialSessions: node.sessions,
  }
  if (world.fault('gauge-frozen')) node.frozen = true
  // Until the wait is over it accepts whoever comes.
  if (wait > 0) world.agenda.after(wait, () => beginToEvict(world, fleet, node, recipients))
  else tick(world, fleet, node, recipients)
}

function beginToEvict(world: World, fleet: SimFleet, node: SimNode, recipients: SimNode[]): void {
  if (node.stopped || !node.evacuation) return
  node.evacuation.state = 'evicting_conns'
  tick(world, fleet, node, recipients)
}

function tick(world: World, fleet: SimFleet, node: SimNode, recipients: SimNode[]): void {
  const { random, agenda, settings } = world
  if (node.stopped || !node.evacuation) return
  if (node.connected.size === 0) {
    takeover(world, fleet, node, recipients)
    return
  }
  // A busy node closes a whole tick late now and then: real ones showed two ticks within 350 ms.
  const late = random.chance(0.02) ? random.between(0, 0.6) : 0
  agenda.after(late, () => {
    const batch = [...node.connected].slice(0, batchSize(world, node))
    batch.forEach((client, i) => {
      agenda.after((settings.tickWorkSeconds * i) / batch.length, () => fleet.evict(client, node, 0))
    })
  })
  const period = world.fault('double-tick') ? 0.5 : 1
  agenda.after(period + random.latency(settings.tickWorkSeconds, 0.2), () =>
    tick(world, fleet, node, recipients),
  )
}

function batchSize(world: World, node: SimNode): number {
  const rate = world.asked.connEvictRate
  if (world.fault('all-at-once')) return node.connected.size
  if (world.fault('rate-ignored')) return rate * 4
  if (world.fault('rate-13')) return Math.round(rate * 1.3)
  if (world.fault('evacuation-slow')) return Math.max(Math.floor(rate / 2), 1)
  return rate
}

function takeover(world: World, fleet: SimFleet, node: SimNode, recipients: SimNode[]): void {
  const wait = takeoverSeconds(world.asked.waitTakeoverSeconds)
  if (!node.evacuation) return
  if (world.fault('skip-takeover-wait')) {
    moveSessions(world, fleet, node, recipients)
    return
  }
  node.evacuation.state = 'waiting_takeover'
  world.agenda.after(wait, () => moveSessions(world, fleet, node, recipients))
}

function moveSessions(world: World, fleet: SimFleet, node: SimNode, recipients: SimNode[]): void {
  const { agenda, random, settings } = world
  if (node.stopped || !node.evacuation) return
  node.evacuation.state = 'evicting_sessions'
  const stuck = world.fault('evacuation-stuck') && node === world.firstEvacuated
  if (node.parked.size === 0 && !stuck) {
    agenda.after(0.02, () => {
      if (node.evacuation) node.evacuation.state = 'prohibiting'
    })
    return
  }
  for (const client of stuck ? [] : [...node.parked].slice(0, world.asked.sessEvictRate)) {
    node.parked.delete(client)
    fleet.moveSession(client, random.pick(recipients))
  }
  agenda.after(1 + random.latency(settings.tickWorkSeconds, 0.2), () =>
    moveSessions(world, fleet, node, recipients),
  )
}
