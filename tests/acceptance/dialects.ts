import type { DialectName } from '#weir/facts/index.ts'
import type { Fault, OperationScenario } from '#weir/testbed/faults/fault.ts'

/** What the fault matrix runs on each dialect: the quick scenario, with a fleet small enough to keep a run short. */
export interface MatrixDialect {
  name: Extract<DialectName, 'v1beta4' | 'v2beta1'>
  scenario: string
  /** Settings for most faults: what a fault does does not depend on the fleet's size. */
  small: string[]
  /** A slope needs a drain of 30 s; one node is enough to show it. */
  slow: string[]
  /** A run of each operation, by its name. */
  operations: Record<OperationScenario, string[]>
}

/** Arguments of `weir run` that settings become. */
export const set = (settings: readonly string[]) => settings.flatMap((setting) => ['--set', setting])

/** The run that shows a fault. */
export function shownOn(
  dialect: MatrixDialect,
  { name, shownBy }: Pick<Fault, 'name' | 'shownBy'>,
): string[] {
  if (shownBy) return dialect.operations[shownBy]
  return [dialect.scenario, ...set(name === 'rate-13' ? dialect.slow : dialect.small)]
}

const SLOPE = 'assert=[eviction-slope, eviction-envelope, conservation, harness-healthy]'

const both = (path: string, perSecond: number) =>
  ['connEvictRate', 'sessEvictRate'].map((field) => `${path}.evacuationStrategy.${field}=${perSecond}`)

function matrixOf(
  name: MatrixDialect['name'],
  scenario: string,
  replicas: string,
  strategy: string,
): MatrixDialect {
  const suffix = scenario.includes('-v5') ? '-v5' : ''
  // These are as small as a fault needs by themselves.
  const small = <Name extends OperationScenario>(...names: Name[]) =>
    Object.fromEntries(names.map((one) => [one, [`${one}${suffix}`]])) as Record<Name, string[]>
  return {
    name,
    scenario,
    operations: {
      'scale-out': [`scale-out${suffix}`, ...set(['fleet.clients=300'])],
      ...small('resize-up', 'resize-down', 'resize-unschedulable'),
      ...small('upgrade', 'downgrade', 'upgrade-unpullable', 'upgrade-crash-looping', 'upgrade-same-version'),
      'scale-in-drained': [`scale-in-drained${suffix}`, ...set(['fleet.clients=300', ...both(strategy, 20)])],
      'stop-start': [`stop-start${suffix}`, ...set(['fleet.clients=300'])],
      delete: [`delete${suffix}`, ...set(['fleet.clients=300'])],
      'connections-raise': [`connections-raise${suffix}`],
      'connections-lower': [`connections-lower${suffix}`],
      'connections-race': [`connections-race${suffix}`],
      'connections-load-balancer': [`connections-load-balancer${suffix}`],
      transfer: [`transfer${suffix}`],
      ...small(
        'network-nodeport',
        'network-loadbalancer',
        'network-back',
        'network-clusterip',
        'network-operator',
      ),
      logs: [`logs${suffix}`],
      rebalance: [`rebalance${suffix}`],
    },
    small: ['fleet.clients=300', ...both(strategy, 20)],
    slow: ['fleet.clients=360', `${replicas}=1`, ...both(strategy, 10), SLOPE],
  }
}

export const DIALECTS: readonly MatrixDialect[] = [
  matrixOf(
    'v1beta4',
    'blue-green-quick',
    'cluster.manifest.spec.replicas',
    'cluster.manifest.spec.blueGreenUpdate',
  ),
  matrixOf(
    'v2beta1',
    'blue-green-v5-quick',
    'cluster.manifest.spec.coreTemplate.spec.replicas',
    'cluster.manifest.spec.updateStrategy',
  ),
]

/** Whether the fault or operation of this index is tried on the dialect: one on the first, the next on the second. */
export const isTriedOn = (
  dialect: string,
  index: number,
  on: readonly string[] = DIALECTS.map(({ name }) => name),
): boolean => on[index % on.length] === dialect
