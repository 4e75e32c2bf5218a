import type { SetEvent } from '#weir/facts/index.ts'
import { SimNode, type SimRole } from './node.ts'
import type { World } from './world.ts'

/** The hashes that operators name a generation after. */
const HASH = { old: '54fc496fb4', new: '7d45684f66' }
/** What Kubernetes makes random names of. */
const LETTERS = [...'bcdfghjklmnpqrstvwxz2456789']

export interface SimSet {
  name: string
  kind: SetEvent['kind']
  side: 'old' | 'new'
  role: SimRole
  size: number
}

/** The sets of one generation: one, or the cores and the replicants. */
export function setsOf(world: World, side: 'old' | 'new'): SimSet[] {
  const { nodes, servingNodes } = world.settings.parameters
  const hash = HASH[side]
  if (!world.isGated)
    return [{ name: `emqx-ee-${hash}`, kind: 'StatefulSet', side, role: undefined, size: nodes }]
  const size = servingNodes === undefined ? nodes : nodes - servingNodes
  const cores: SimSet = { name: `emqx-core-${hash}`, kind: 'StatefulSet', side, role: 'core', size }
  if (servingNodes === undefined) return [cores]
  const name = `emqx-replicant-${hash}`
  return [cores, { name, kind: 'ReplicaSet', side, role: 'replicant', size: servingNodes }]
}

/** The nodes of one set: numbered ones, or ones with random names that are known by their address. */
export function nodesIn(world: World, set: SimSet): SimNode[] {
  const { settings, random } = world
  const version = set.side === 'old' ? oldVersion(world) : (settings.parameters.targetVersion ?? '')
  const common = {
    set: set.name,
    side: set.side,
    role: set.role,
    version,
    hasLiveGauge: settings.liveGauge[set.side],
  }
  return Array.from({ length: set.size }, (_, index) => {
    if (set.kind === 'StatefulSet') {
      const pod = `${set.name}-${index}`
      const [app, service] = world.isGated ? ['emqx', 'emqx'] : ['emqx-ee', 'emqx-ee']
      const name = `${app}@${pod}.${service}-headless.default.svc.cluster.local`
      return new SimNode({ ...common, pod, name, ordinal: index })
    }
    const end = Array.from({ length: 5 }, () => random.pick(LETTERS)).join('')
    const ip = `10.244.${set.side === 'old' ? 1 : 2}.${index + 10}`
    return new SimNode({ ...common, pod: `${set.name}-${end}`, name: `emqx@${ip}`, ordinal: -1, ip })
  })
}

const oldVersion = (world: World) => (world.isGated ? '5.8.6' : '4.4.14')
