import type { NodeCore } from '../node-core.ts'
import { COUNTERS, type CounterName } from './counters.ts'
import { hostFigures } from './host.ts'

type Sample = [name: string, type: 'gauge' | 'counter', value: number]

/** Where the JSON form puts a family. */
const SECTION: [pattern: RegExp, section: string][] = [
  [/^emqx_(vm|cluster|bytes)_/, 'metrics'],
  [/^emqx_packets_/, 'packets'],
  [/^emqx_messages_/, 'messages'],
  [/^emqx_delivery_/, 'delivery'],
  [/^emqx_client_/, 'client'],
  [/^emqx_session_/, 'session'],
]

/** Every sample of one node, unlabelled: gauges as last counted, counters as of now. */
function samples(node: NodeCore): Sample[] {
  const all: Sample[] = []
  for (const [name, count, max] of node.gauges.rows())
    all.push([`emqx_${name}_count`, 'gauge', count], [`emqx_${name}_max`, 'gauge', max])
  const host = hostFigures()
  const running = node.group.running().length
  all.push(
    ['emqx_vm_cpu_use', 'gauge', host.cpuUse],
    ['emqx_vm_cpu_idle', 'gauge', host.cpuIdle],
    ['emqx_vm_run_queue', 'gauge', 0],
    ['emqx_vm_process_messages_in_queues', 'gauge', 0],
    ['emqx_vm_total_memory', 'gauge', host.memoryTotal],
    ['emqx_vm_used_memory', 'gauge', host.memoryTotal - host.memoryFree],
    ['emqx_cluster_nodes_running', 'gauge', running],
    ['emqx_cluster_nodes_stopped', 'gauge', node.group.members.size - running],
  )
  for (const [key, name] of Object.entries(COUNTERS))
    all.push([name, 'counter', node.counters[key as CounterName]])
  return all
}

/** The text of 4.4: a TYPE line before each sample, no HELP lines, one newline at the end (docs/contract/emqx.md#metrics-endpoint). */
export function prometheusText(node: NodeCore): string {
  let text = ''
  for (const [name, type, value] of samples(node)) text += `# TYPE ${name} ${type}\n${name} ${value}\n`
  return text
}

/** The same as JSON: what the path answers without `type=prometheus`. */
export function prometheusJson(node: NodeCore): { code: 0; data: Record<string, Record<string, number>> } {
  const data: Record<string, Record<string, number>> = {
    stats: {},
    metrics: {},
    packets: {},
    messages: {},
    delivery: {},
    client: {},
    session: {},
  }
  for (const [name, , value] of samples(node)) {
    const section = SECTION.find(([pattern]) => pattern.test(name))?.[1] ?? 'stats'
    data[section]![name] = value
  }
  return { code: 0, data }
}
