import { dialects } from '#weir/cluster/dialects/index.ts'
import { usageError } from '#weir/errors/index.ts'
import { type Goals, OPERATOR_NAMES, type OperatorName, type Setting } from '#weir/model/index.ts'
import type { PlanFlags } from './options.ts'
import { seconds, share } from './quantity.ts'
import { reconnectOf } from './reconnect.ts'

const MOST_CLIENTS = 10_000_000
const MOST_NODES = 1000

/** What the flags ask to predict. Without `conn-evict-rate` its rate is 1. Throws WEIR_USAGE. */
export function settingOf(flags: PlanFlags): Setting {
  const { clients, nodes, dialect, operator, seed, reconnect } = flags
  const whole = (flag: string, value: number, most: number) => {
    if (Number.isInteger(value) && value >= 1 && value <= most) return value
    throw usageError(`--${flag} is ${value} but must be a whole number from 1 to ${most}`)
  }
  const facts = dialects[dialect]
  const connEvictRate = whole('conn-evict-rate', flags['conn-evict-rate'] ?? 1, MOST_CLIENTS)
  const wait = flags['health-check-wait']
  const poll = flags.poll
  const pollSeconds = poll === undefined ? facts.releasedPollSeconds : seconds('poll', poll)
  if (pollSeconds === 0) throw usageError('--poll must be longer than 0')
  return {
    clients: whole('clients', clients, MOST_CLIENTS),
    nodes: whole('nodes', nodes, MOST_NODES),
    operator: operatorOf(dialect, operator),
    connEvictRate,
    sessEvictRate: whole('sess-evict-rate', flags['sess-evict-rate'] ?? connEvictRate, MOST_CLIENTS),
    waitTakeoverSeconds: seconds('wait-takeover', flags['wait-takeover']),
    initialDelaySeconds: seconds('initial-delay', flags['initial-delay']),
    healthCheckWaitSeconds:
      wait === undefined ? facts.facts.healthCheckWaitSeconds : seconds('health-check-wait', wait),
    pollSeconds,
    newNodesSeconds: seconds('new-nodes', flags['new-nodes']),
    podEndSeconds: seconds('pod-end', flags['pod-end']),
    connectSeconds: seconds('connect', flags.connect),
    sessions: share('sessions', flags.sessions),
    reconnect: reconnectOf(reconnect),
    seed,
  }
}

function operatorOf(dialect: string, line: string): OperatorName {
  const name = OPERATOR_NAMES.find((one) => one === `${dialect}@${line}`)
  if (name) return name
  throw usageError(
    `--operator ${line} does not know the resource ${dialect}: use one of ${OPERATOR_NAMES.join(', ')}`,
  )
}

/** The goals among the flags; undefined without any. */
export function goalsOf(flags: PlanFlags): Goals | undefined {
  const { 'max-downtime-p99': p99, 'max-offline': offline, 'accept-rate': acceptRate, within } = flags
  const goals: Goals = {
    ...(p99 !== undefined && { maxDowntimeP99Seconds: seconds('max-downtime-p99', p99) }),
    ...(offline !== undefined && { maxOffline: share('max-offline', offline) }),
    ...(acceptRate !== undefined && { acceptRate }),
    ...(within !== undefined && { withinSeconds: seconds('within', within) }),
  }
  return Object.keys(goals).length > 0 ? goals : undefined
}
