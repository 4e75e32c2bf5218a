import type { DialectName } from '#weir/cluster/index.ts'
import { listScenarios } from './list.ts'
import { loadScenario } from './load.ts'

/** Names of the scenarios that come with weir for one kind of custom resource. */
export function scenariosOf(dialect: DialectName): string[] {
  return listScenarios()
    .map(({ name }) => name)
    .filter((name) => loadScenario(name).cluster.dialect === dialect)
}
