import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { at, listAt, numberAt, textAt } from '../json.ts'
import { AGE, humanDuration, NAME, type TableShape, text, wide } from './column.ts'

const statuses = (pod: KubeObject) => listAt(pod, 'status', 'containerStatuses')

function ready(pod: KubeObject): string {
  const up = statuses(pod).filter((status) => status.ready === true && at(status, 'state', 'running'))
  return `${up.length}/${listAt(pod, 'spec', 'containers').length}`
}

/** What kubectl prints under STATUS: the first thing that is wrong, else the phase (kubernetes printers, printPod). */
function statusText(pod: KubeObject): string {
  let reason = textAt(pod, 'status', 'reason') ?? textAt(pod, 'status', 'phase') ?? ''
  let running = false
  for (const status of statuses(pod).toReversed()) {
    const waiting = textAt(status, 'state', 'waiting', 'reason')
    const terminated = at(status, 'state', 'terminated')
    if (waiting) reason = waiting
    else if (terminated !== undefined)
      reason = textAt(terminated, 'reason') ?? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}`
    else if (status.ready === true && at(status, 'state', 'running')) running = true
  }
  if (reason === 'Completed' && running) reason = 'Running'
  return pod.metadata.deletionTimestamp ? 'Terminating' : reason
}

function restarts(pod: KubeObject, nowMs: number): string {
  const total = statuses(pod).reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0)
  const ends = statuses(pod).map((status) => textAt(status, 'lastState', 'terminated', 'finishedAt') ?? '')
  const last = ends.sort().at(-1)
  return total > 0 && last ? `${total} (${humanDuration(nowMs - Date.parse(last))} ago)` : String(total)
}

function readinessGates(pod: KubeObject): string {
  const gates = listAt(pod, 'spec', 'readinessGates')
  if (gates.length === 0) return '<none>'
  const conditions = listAt(pod, 'status', 'conditions')
  const open = gates.filter((gate) =>
    conditions.some((condition) => condition.type === gate.conditionType && condition.status === 'True'),
  )
  return `${open.length}/${gates.length}`
}

export const podTable: TableShape = [
  NAME,
  text('Ready', ready),
  text('Status', statusText),
  text('Restarts', restarts),
  AGE,
  wide(text('IP', (pod) => textAt(pod, 'status', 'podIP') ?? '<none>')),
  wide(text('Node', (pod) => textAt(pod, 'spec', 'nodeName') ?? '<none>')),
  wide(text('Nominated Node', (pod) => textAt(pod, 'status', 'nominatedNodeName') ?? '<none>')),
  wide(text('Readiness Gates', readinessGates)),
]
