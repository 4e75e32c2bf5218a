import type { Manifest, MarkName, Messages } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { SimFleet } from './fleet.ts'
import { GateOperator } from './gate-operator.ts'
import { Kubernetes } from './kubernetes.ts'
import { keepGauges, observe } from './observe.ts'
import { SimOperator } from './operator.ts'
import { ns } from './recorder.ts'
import type { Settings } from './settings.ts'
import { World } from './world.ts'

/** Plays one run from its first client to its end, in no time, and returns what the harness would have recorded. */
export function simulate(settings: Settings): RunRecord {
  const world = new World(settings)
  const fleet = new SimFleet(world)
  const kube = new Kubernetes(world)
  const operator = world.isGated ? new GateOperator(world, fleet, kube) : new SimOperator(world, fleet, kube)
  kube.onDrop = (client, node) => fleet.evict(client, node, 0)
  let end: Manifest['end']
  let account: Messages | undefined

  const mark = (name: MarkName) => world.recorder.events.push({ t: ns(world.now), type: 'mark', name })
  const finish = (how: 'completed' | 'failed', reason?: string) => {
    mark('fleet-stopping')
    world.finished = true
    account = fleet.traffic.account()
    fleet.leave(0.05)
    end = { t: ns(world.now + 0.2), how, ...(reason && { reason }) }
  }

  kube.begin()
  keepGauges(world)
  world.agenda.after(0.5, () => {
    mark('cluster-ready')
    fleet.arrive()
    observe(world, fleet)
    waitUntil(world, () => fleet.online === settings.parameters.clients, 600, trigger)
  })

  function trigger(): void {
    mark('fleet-ready')
    fleet.traffic.begin()
    // Until every node has listed its clients and the gauges have caught up.
    world.agenda.after(2 * settings.listingSeconds + 2.5, () => {
      kube.changed()
      mark('trigger')
      operator.trigger()
      waitUntil(world, isUpgraded, settings.deadlineSeconds ?? formulaSeconds(settings), hold, () => {
        world.recorder.events.push({
          t: ns(world.now),
          type: 'step',
          index: 3,
          name: 'upgraded',
          phase: 'timeout',
          lastMismatch: 'old pods still there',
        })
        finish('failed', 'the step "upgraded" ran out of time')
      })
    })
  }

  const isUpgraded = () =>
    operator.settledT !== undefined && world.old().every((node) => node.stopped && !node.evacuation)

  function hold(): void {
    mark('upgrade-done')
    mark('hold-start')
    world.agenda.after(settings.parameters.holdSeconds, () => {
      mark('hold-end')
      finish('completed')
    })
  }

  world.agenda.run(() => end !== undefined)
  return world.recorder.record(settings, fleet.table, end, account)
}

/** Looks ten times a second, as a scenario's step does, until it is so or out of time. */
function waitUntil(
  world: World,
  isSo: () => boolean,
  seconds: number,
  then: () => void,
  late?: () => void,
): void {
  const untilT = world.now + seconds
  const look = () => {
    if (isSo()) then()
    else if (world.now < untilT) world.agenda.after(0.1, look)
    else late?.()
  }
  look()
}

/** What a scenario's "formula" deadline comes to. */
function formulaSeconds(settings: Settings): number {
  const {
    clients,
    nodes,
    servingNodes = nodes,
    dialect,
    pollIntervalSeconds,
    asked = settings.parameters,
  } = settings.parameters
  const { connEvictRate, sessEvictRate, waitTakeoverSeconds, initialDelaySeconds } = asked
  const each = waitTakeoverSeconds || 60
  const waits = servingNodes * dialect.healthCheckWaitSeconds + nodes * (each + 64 + pollIntervalSeconds)
  const moved = clients / connEvictRate + clients / sessEvictRate + waits
  return 1.5 * (180 + initialDelaySeconds + moved) + 70
}
