import type { Asked } from '#weir/facts/index.ts'
import { Agenda } from '#weir/model/agenda.ts'
import type { SimNode } from './node.ts'
import { Random } from './random.ts'
import { Recorder } from './recorder.ts'
import type { Settings } from './settings.ts'

/** Everything that the parts of one simulated run share. */
export class World {
  readonly settings: Settings
  readonly random: Random
  readonly agenda = new Agenda()
  readonly recorder = new Recorder()
  nodes: SimNode[] = []
  /** Where a new connection may land. */
  members: SimNode[] = []
  finished = false
  /** The node whose evacuation came first. */
  firstEvacuated?: SimNode

  constructor(settings: Settings) {
    this.settings = settings
    this.random = new Random(settings.seed + 7777)
  }

  get now(): number {
    return this.agenda.now
  }

  fault(name: string): boolean {
    return this.settings.faults.has(name)
  }

  old(): SimNode[] {
    return this.nodes.filter((node) => node.side === 'old')
  }

  fresh(): SimNode[] {
    return this.nodes.filter((node) => node.side === 'new')
  }

  /** What the resource asks for: operator and EMQX know nothing else. */
  get asked(): Omit<Asked, 'byDefault'> {
    return this.settings.parameters.asked ?? this.settings.parameters
  }

  /** Whether clients are led to a node, where there are two kinds: to the replicants alone. */
  serves(node: SimNode): boolean {
    return this.settings.parameters.servingNodes === undefined || node.role === 'replicant'
  }

  /** True where readiness gates lead the clients, which is where the operator is another one too. */
  get isGated(): boolean {
    return this.settings.parameters.dialect.trafficSwitch === 'readiness-gate'
  }

  /** Does something again and again, each time when it is due and not when the last was done, until the run ends. */
  every(seconds: number, act: () => void, phase = seconds): void {
    const startT = this.now + phase
    const again = (k: number) =>
      this.agenda.at(startT + k * seconds, () => {
        if (this.finished) return
        act()
        again(k + 1)
      })
    again(0)
  }
}
