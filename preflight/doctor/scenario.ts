import { scenariosOf } from '#weir/scenarios/load/for-dialect.ts'
import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** The scenario is for the dialect of the resource. */
export const scenario = defineCheck({
  id: 'scenario',
  title: 'scenario',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: (request) => request.scenario !== undefined,
  needs: ['opened'],
  run({ opened: { dialect, namespace, name }, scenario: wanted }) {
    if (!wanted) return { lines: [] }
    const found = `${dialect.kind} ${namespace}/${name} (${dialect.apiVersion})`
    if (wanted.cluster.dialect === dialect.id) return { lines: [ok(`${wanted.name} fits ${found}`)] }
    const fitting = scenariosOf(dialect.id)
    const todo = fitting.length > 0 ? `run ${fitting.join(' or ')} instead` : 'write one for this resource'
    return {
      lines: [
        missing(
          `the scenario ${wanted.name} is for ${wanted.cluster.dialect}, but the cluster has ${found}`,
          todo,
        ),
      ],
    }
  },
})
