import type { Faults } from '../types.ts'

/** What an evacuating node does with the numbers it was given. Honest unless a fault is on. */
export interface EvacuationHabits {
  connectionsPerTick(rate: number, live: number): number
  tickMs: number
  waitsForHealthCheck: boolean
  waitsForTakeover: boolean
  /** Sessions of the first node that evacuates are never moved. */
  firstGetsStuck: boolean
}

/** Reads the faults that touch the pace of an evacuation. */
export function evacuationHabits(faults: Faults): EvacuationHabits {
  const ignored = faults.on('rate-ignored')
  const atOnce = faults.on('all-at-once')
  const thirteen = faults.on('rate-13')
  const slow = faults.on('evacuation-slow')
  return {
    connectionsPerTick(rate, live) {
      if (atOnce) return live
      if (ignored) return rate * 4
      if (thirteen) return Math.round(rate * 1.3)
      if (slow) return Math.max(1, Math.floor(rate / 2))
      return rate
    },
    tickMs: faults.on('double-tick') ? 500 : 1000,
    waitsForHealthCheck: !faults.on('skip-health-wait'),
    waitsForTakeover: !faults.on('skip-takeover-wait'),
    firstGetsStuck: faults.on('evacuation-stuck'),
  }
}

/** Misbehaviours at a node's door, shared by all nodes of the testbed. "New" is every generation but the first. */
export interface DoorHabits {
  slowAcceptMs: number
  refusesSome: boolean
  bounces: boolean
  losesClients: boolean
  losesSessions: boolean
  keepsGhosts: boolean
  dropsEarly: boolean
}

export function doorHabits(faults: Faults): DoorHabits {
  return {
    slowAcceptMs: faults.on('slow-accept') ? 8000 : 0,
    refusesSome: faults.on('refuse-some'),
    bounces: faults.on('bounce'),
    losesClients: faults.on('lost-client'),
    losesSessions: faults.on('session-lost'),
    keepsGhosts: faults.on('ghost-client'),
    dropsEarly: faults.on('early-drop'),
  }
}

/** Misbehaviours with messages and wills, shared by all nodes of the testbed. */
export interface MessageHabits {
  dropsQueues: boolean
  doublesQos2: boolean
  reorders: boolean
  wrongsWills: boolean
}

export function messageHabits(faults: Faults): MessageHabits {
  return {
    dropsQueues: faults.on('queue-dropped'),
    doublesQos2: faults.on('duplicate-qos2'),
    reorders: faults.on('reorder'),
    wrongsWills: faults.on('will-wrong'),
  }
}

export interface GaugeHabits {
  freezesInEvacuation: boolean
  exaggerates: boolean
}

export function gaugeHabits(faults: Faults): GaugeHabits {
  return { freezesInEvacuation: faults.on('gauge-frozen'), exaggerates: faults.on('gauge-lies') }
}
