import type { RunView } from '#weir/record/view/index.ts'
import { type StepCount, stepCount } from '../statistics/index.ts'
import { oncePerRun } from './once.ts'

/** Clients connected over time, from the clients' events: on each node, on unknown nodes (-1), and in all. */
export const connectedCounts = oncePerRun(countAll)

function countAll(run: RunView): { onNode: Map<number, StepCount>; all: StepCount } {
  const { connections } = run
  const rowsOf = new Map<number, number[]>()
  for (let row = 0; row < connections.length; row++) {
    const node = connections.node[row]!
    const rows = rowsOf.get(node)
    if (rows === undefined) rowsOf.set(node, [row])
    else rows.push(row)
  }
  const onNode = new Map(
    [...rowsOf].map(([node, rows]) => [
      node,
      stepCount(
        Float64Array.from(rows, (row) => connections.from[row]!),
        Float64Array.from(rows, (row) => connections.to[row]!),
      ),
    ]),
  )
  return { onNode, all: stepCount(connections.from, connections.to) }
}
