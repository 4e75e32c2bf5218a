import { evacuate } from './evacuate.ts'
import { OPERATORS, type OperatorHabits } from './operators.ts'
import type { ModelWorld } from './world.ts'

/**
 * The blue-green update of an operator: new nodes, switch of the Service, initial delay, then one old node after another, the last first.
 * The operator looks at the cluster every `pollSeconds`, and does one thing at a time (docs/contract/operator.md).
 */
export function blueGreen(world: ModelWorld): void {
  const { agenda, fleet, setting } = world
  const habits: OperatorHabits = OPERATORS[setting.operator]
  const pollSeconds = setting.pollSeconds + habits.passSeconds
  const left = [...world.old]
  /** The first pass at or after `t` of those that follow each other since `fromT`. */
  const atPass = (fromT: number, t: number, act: () => void) =>
    agenda.at(fromT + Math.ceil(Math.max(0, t - fromT) / pollSeconds - 1e-9) * pollSeconds, act)

  atPass(0, setting.newNodesSeconds, () => {
    world.spent('new nodes')
    fleet.endpoints = habits.landsOn === 'new' ? [...world.fresh] : [...world.old, ...world.fresh]
    delay()
  })

  function delay(): void {
    const { initialDelaySeconds } = setting
    const startedT = Math.floor(agenda.now)
    // More than the delay in whole seconds.
    if (habits.dialect === 'v2beta1') atPass(agenda.now, startedT + initialDelaySeconds + 1, delayed)
    else
      agenda.after(pollSeconds, () => {
        const countsFromT = habits.delayCounts === 'from-next-pass' ? Math.floor(agenda.now) : startedT
        agenda.at(countsFromT + initialDelaySeconds, delayed)
      })
  }

  function delayed(): void {
    world.spent('initial delay')
    next()
  }

  function next(): void {
    const node = left.pop()
    if (node === undefined) return
    if (habits.deletesUndrained) {
      remove(node)
      return
    }
    const startT = agenda.now
    evacuate(world, node, () => {
      atPass(startT, agenda.now, () => {
        world.spent('operator')
        remove(node)
      })
    })
  }

  function remove(node: number): void {
    const deletedT = agenda.now
    const leave = () => {
      fleet.endpoints = fleet.endpoints.filter((one) => one !== node)
    }
    // An operator that writes the Endpoints itself takes the pod out in its next pass.
    if (habits.landsOn === 'new') leave()
    else agenda.after(pollSeconds, leave)
    fleet.refusing.delete(node)
    fleet.gone.add(node)
    fleet.drop(node, fleet.connected.size(node), true)
    if (left.length === 0) {
      agenda.after(setting.podEndSeconds, () => world.spent('pods'))
      return
    }
    atPass(deletedT, deletedT + pollSeconds, () => {
      world.spent('operator')
      if (habits.delaysEachNode) agenda.at(Math.floor(agenda.now) + setting.initialDelaySeconds, delayed)
      else next()
    })
  }
}

/** A rolling update: each pod in turn is deleted with its clients, and the next once its successor is ready. */
export function rolling(world: ModelWorld): void {
  const { agenda, fleet, setting } = world
  const left = [...world.old]
  const next = () => {
    const node = left.pop()
    if (node === undefined) return
    fleet.endpoints = fleet.endpoints.filter((one) => one !== node)
    fleet.drop(node, fleet.connected.size(node), true)
    agenda.after(setting.podEndSeconds, () => {
      world.spent('pods')
      agenda.after(setting.newNodesSeconds, () => {
        world.spent('new nodes')
        fleet.endpoints = [...fleet.endpoints, world.fresh[node]!]
        next()
      })
    })
  }
  next()
}
