import type { Asked, Parameters } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { emqxVersions, repeatLine } from './origin.ts'
import { durationOf, utcOf } from './text/time.ts'
import { TEXTS, FACT_TEXTS as texts } from './texts/index.ts'

export interface Fact {
  name: string
  value: string
}

/** The conditions of a run: versions, clients, cluster, length and rates. */
export function runFacts(run: RunView): Fact[] {
  const { manifest } = run.record
  return [
    { name: texts.started, value: utcOf(manifest.clock.anchorUnixMs) },
    { name: texts.length, value: TEXTS.listed([durationOf(run.moments.end), howItEnded(run)]) },
    ...fact('EMQX', emqxVersions(run)),
    ...parameterFacts(run),
    { name: texts.seed, value: String(manifest.seed) },
    { name: texts.harness, value: harness(run) },
    ...fact(texts.repeat, repeatLine({ run })),
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
    return [texts.publish({ clients: size, qos: publishes.qos, everySeconds: publishes.everyMs / 1000 })]
  })
  const wills = groups.reduce(
    (sum, { will }, index) => sum + (will ? group.filter((member) => member === index).length : 0),
    0,
  )
  if (wills > 0) words.push(texts.wills(wills))
  return words.length > 0 ? [{ name: texts.traffic, value: TEXTS.listed(words) }] : []
}

function howItEnded(run: RunView): string {
  const end = run.record.manifest.end
  if (!end) return texts.killed
  const how = texts.ended[end.how]
  return end.reason ? texts.because({ how, reason: end.reason }) : how
}

function parameterFacts(run: RunView): Fact[] {
  if (!run.hasParameters) return [{ name: texts.clients, value: String(run.record.fleet.ids.length) }]
  const p = run.parameters
  return [
    { name: texts.clients, value: `${p.clients}${groups(run)}` },
    ...trafficFact(run),
    {
      name: texts.cluster,
      value: texts.nodes({
        nodes: p.nodes,
        kinds: kinds(p),
        dialect: p.dialect.name,
        operator: p.dialect.operator,
      }),
    },
    { name: texts.rate, value: p.asked ? texts.judged(rates(p)) : rates(p) },
    ...(p.asked ? [{ name: texts.asked, value: askedFor(p.asked) }] : []),
    { name: texts.waits, value: waits(p) },
    { name: texts.poll, value: texts.seconds(p.pollIntervalSeconds) },
    { name: texts.scrape, value: texts.every(p.scrapeIntervalSeconds) },
    {
      name: texts.reconnect,
      value: texts.firstAttempt({ policy: p.reconnect.policy, wait: waitRange(p.reconnect) }),
    },
  ]
}

const rates = ({ connEvictRate, sessEvictRate }: Pick<Parameters, 'connEvictRate' | 'sessEvictRate'>) =>
  texts.rates({ connections: connEvictRate, sessions: sessEvictRate })

const askedFor = (asked: Asked) => (asked.byDefault ? texts.byDefault(rates(asked)) : rates(asked))

/** Where replicants serve the clients, the other nodes are cores. */
function kinds({ nodes, servingNodes }: Parameters): string {
  if (servingNodes === undefined) return ''
  return texts.kinds({ cores: nodes - servingNodes, replicants: servingNodes })
}

function waits(p: Parameters): string {
  const { initialDelaySeconds, waitTakeoverSeconds } = p.asked ?? p
  const health = p.dialect.healthCheckWaitSeconds
  return texts.waitsOf({ delay: initialDelaySeconds, health, takeover: waitTakeoverSeconds })
}

function waitRange({ minMs, maxMs }: { minMs: number; maxMs: number }): string {
  return minMs === maxMs ? `${minMs} ms` : texts.range({ min: minMs, max: maxMs })
}

function groups(run: RunView): string {
  const { fleet } = run.record
  const sizes = fleet.groups.map((group, index) => ({
    group,
    size: fleet.group.filter((member) => member === index).length,
  }))
  const words = sizes
    .filter(({ size }) => size > 0)
    .map(({ group, size }) =>
      texts.group({ size, protocol: String(group.protocol), isPersistent: group.persistent }),
    )
  return words.length > 0 ? texts.groups(words) : ''
}

function harness(run: RunView): string {
  const { weir, host, versions } = run.record.manifest
  const memoryGiB = Number((host.memoryMiB / 1024).toFixed(1))
  const node = versions.node ? `, Node ${versions.node}` : ''
  return texts.machine({ weir, node, platform: host.platform, cpus: host.cpus, memoryGiB })
}
