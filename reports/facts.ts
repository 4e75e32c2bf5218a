import type { Asked, Parameters } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { emqxVersions, repeatLine } from './origin.ts'
import { durationOf, utcOf } from './text/time.ts'

export interface Fact {
  name: string
  value: string
}

/** The conditions of a run: versions, clients, cluster, length and rates. */
export function runFacts(run: RunView): Fact[] {
  const { manifest } = run.record
  return [
    { name: 'started', value: utcOf(manifest.clock.anchorUnixMs) },
    { name: 'length', value: `${durationOf(run.moments.end)}, ${howItEnded(run)}` },
    ...fact('EMQX', emqxVersions(run)),
    ...parameterFacts(run),
    { name: 'seed', value: String(manifest.seed) },
    { name: 'harness', value: harness(run) },
    ...fact('to repeat', repeatLine({ run })),
  ]
}

const fact = (name: string, value: string | undefined): Fact[] =>
  value === undefined ? [] : [{ name, value }]

/** Messages between clients, by group; nothing where there are none. */
function trafficFact(run: RunView): Fact[] {
  const { groups, group } = run.record.fleet
  const words = groups.flatMap(({ publishes }, index) => {
    const size = group.filter((member) => member === index).length
    if (!publishes || size === 0) return []
    return [`${size} publish QoS ${publishes.qos} every ${publishes.everyMs / 1000} s`]
  })
  const wills = groups.reduce(
    (sum, { will }, index) => sum + (will ? group.filter((member) => member === index).length : 0),
    0,
  )
  if (wills > 0) words.push(`${wills} have a will`)
  return words.length > 0 ? [{ name: 'traffic', value: words.join(', ') }] : []
}

function howItEnded(run: RunView): string {
  const end = run.record.manifest.end
  if (!end) return 'killed before its end'
  return end.reason ? `${end.how}: ${end.reason}` : end.how
}

function parameterFacts(run: RunView): Fact[] {
  if (!run.hasParameters) return [{ name: 'clients', value: String(run.record.fleet.ids.length) }]
  const p = run.parameters
  const operator = p.dialect.operator ? `, operator ${p.dialect.operator}` : ''
  return [
    { name: 'clients', value: `${p.clients}${groups(run)}` },
    ...trafficFact(run),
    { name: 'cluster', value: `${p.nodes} nodes${kinds(p)}, ${p.dialect.name}${operator}` },
    { name: 'eviction rate', value: `${rates(p)}${p.asked ? ' (judged)' : ''}` },
    ...(p.asked ? [{ name: 'requested by the resource', value: askedFor(p.asked) }] : []),
    { name: 'waits', value: waits(p) },
    { name: 'operator poll', value: `${p.pollIntervalSeconds} s` },
    { name: 'scrape', value: `every ${p.scrapeIntervalSeconds} s` },
    { name: 'reconnect', value: `${p.reconnect.policy}: ${waitRange(p.reconnect)} before the first attempt` },
  ]
}

const rates = ({ connEvictRate, sessEvictRate }: Pick<Parameters, 'connEvictRate' | 'sessEvictRate'>) =>
  `${connEvictRate} connections/s and ${sessEvictRate} sessions/s per node`

const askedFor = (asked: Asked) => `${rates(asked)}${asked.byDefault ? ", the operator's default" : ''}`

/** Where replicants serve the clients, the other nodes are cores. */
function kinds({ nodes, servingNodes }: Parameters): string {
  if (servingNodes === undefined) return ''
  return ` (${nodes - servingNodes} cores, ${servingNodes} replicants that serve clients)`
}

function waits(p: Parameters): string {
  const { initialDelaySeconds, waitTakeoverSeconds } = p.asked ?? p
  const health = p.dialect.healthCheckWaitSeconds
  const check = health > 0 ? `, health check ${health} s` : ''
  return `initial delay ${initialDelaySeconds} s${check}, takeover ${waitTakeoverSeconds} s`
}

function waitRange({ minMs, maxMs }: { minMs: number; maxMs: number }): string {
  return minMs === maxMs ? `${minMs} ms` : `${minMs} to ${maxMs} ms`
}

function groups(run: RunView): string {
  const { fleet } = run.record
  const sizes = fleet.groups.map((group, index) => ({
    group,
    size: fleet.group.filter((member) => member === index).length,
  }))
  const words = sizes
    .filter(({ size }) => size > 0)
    .map(({ group, size }) => `${size} MQTT ${group.protocol} ${group.persistent ? 'persistent' : 'clean'}`)
  return words.length > 0 ? ` (${words.join(', ')})` : ''
}

function harness(run: RunView): string {
  const { weir, host, versions } = run.record.manifest
  const memoryGiB = Number((host.memoryMiB / 1024).toFixed(1))
  const node = versions.node ? `, Node ${versions.node}` : ''
  return `weir ${weir}${node}, ${host.platform}, ${host.cpus} CPUs, ${memoryGiB} GiB`
}
