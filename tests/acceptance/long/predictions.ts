/**
 * What `weir plan` predicts, held against runs on the embedded cluster: twelve settings that were chosen for what they have at their edges, and twelve
 * that are drawn. What the cluster is like (time until new nodes serve, time until a pod is gone, time to a CONNACK) was measured before in other runs.
 */

import type { PresetName } from '#weir/bench/index.ts'
import { uniform } from '#weir/bench/random/uniform.ts'
import { type OperatorName, predict, type Setting } from '#weir/model/index.ts'
import { readRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { runOnce, type WeirRun } from '../weir.ts'
import { type Counts, none } from './counts.ts'

/** Largest error of one figure, and of the median of all settings. */
const MOST_ERROR = 0.25
const MOST_MEDIAN_ERROR = 0.1
/** Less than this is the machine's own: a client that comes back at once is away for as long as two busy processors take. */
const UNSEEN_SECONDS = 0.02
/** Of the settings that are drawn. */
const SEED = Number(process.env.WEIR_PREDICTIONS_SEED ?? 1)
const DRAWN = 12

/** The embedded cluster, whatever the setting. */
const CLUSTER = { podEndSeconds: 1.9, connectSeconds: 0.004, seed: 1 }
/** 2.2.29 takes each pod of EMQX 4.4 out of the Endpoints a poll after it is gone: with a shorter poll than the released one the nodes would go at once. */
const pollOf = (operator: OperatorName) => (operator === 'v1beta4@2.2.29' ? 20 : 1)
const NEW_NODES_SECONDS = { v1beta4: 5, v2beta1: 13 } as const

type Drawn = Omit<
  Setting,
  keyof typeof CLUSTER | 'pollSeconds' | 'newNodesSeconds' | 'sessEvictRate' | 'reconnect'
> & {
  policy: PresetName
}

const setting = (
  operator: OperatorName,
  [clients, nodes, connEvictRate]: [number, number, number],
  [initialDelaySeconds, waitTakeoverSeconds, healthCheckWaitSeconds]: [number, number, number],
  policy: PresetName,
  sessions: number,
): Drawn => ({
  ...{ operator, clients, nodes, connEvictRate, initialDelaySeconds, waitTakeoverSeconds },
  ...{ healthCheckWaitSeconds, policy, sessions },
})

/** Few and many clients, slow and fast rates, a node emptied in one tick, no waits and long ones, every kind of reconnecting. */
const CHOSEN: readonly Drawn[] = [
  setting('v2beta1@2.2.29', [300, 3, 10], [3, 1, 2], 'mqttjs', 0.5),
  setting('v2beta1@2.2.29', [2400, 3, 200], [3, 1, 2], 'paho-java', 0.25),
  setting('v2beta1@2.2.29', [1200, 2, 600], [2, 4, 5], 'hivemq-java', 0.5),
  setting('v2beta1@2.2.29', [900, 5, 60], [8, 1, 1], 'mosquitto', 0.75),
  setting('v2beta1@2.2.29', [800, 2, 50], [1, 2, 3], 'emqtt', 0.5),
  setting('v2beta1@2.2.29', [600, 4, 40], [5, 1, 1], 'naive-immediate', 0.25),
  setting('v1beta4@2.1.2', [300, 3, 10], [3, 1, 0], 'mqttjs', 0.5),
  setting('v1beta4@2.1.2', [2000, 2, 250], [2, 1, 0], 'esp-mqtt', 0.5),
  setting('v1beta4@2.1.2', [1500, 5, 100], [1, 3, 0], 'paho-python', 0.75),
  setting('v1beta4@2.1.2', [600, 3, 400], [6, 6, 0], 'hivemq-java', 0.25),
  setting('v1beta4@2.2.29', [900, 3, 50], [3, 1, 0], 'paho-java', 0.5),
  setting('v1beta4@2.2.29', [1200, 4, 100], [5, 1, 0], 'mosquitto', 0.25),
]

const OPERATORS: readonly OperatorName[] = ['v2beta1@2.2.29', 'v2beta1@2.2.29', 'v1beta4@2.1.2']
const POLICIES: readonly PresetName[] = [
  ...(['mqttjs', 'paho-java', 'paho-python', 'hivemq-java'] as const),
  ...(['mosquitto', 'emqtt', 'esp-mqtt', 'rumqttc', 'mqttx-bench'] as const),
]

function drawn(seed: number, index: number): Drawn {
  let draws = 0
  const within = (least: number, most: number) =>
    least + Math.floor(uniform(seed, index, draws++) * (most - least + 1))
  const one = <T>(values: readonly T[]) => values[within(0, values.length - 1)]!
  const operator = one(OPERATORS)
  const nodes = within(2, 5)
  const clients = 4 * within(75, 500)
  // A node is empty after 2 to 15 ticks.
  const connEvictRate = Math.ceil(clients / nodes / within(2, 15))
  const healthCheckWait = operator.startsWith('v1beta4') ? 0 : within(1, 5)
  return setting(
    operator,
    [clients, nodes, connEvictRate],
    [within(1, 8), within(1, 5), healthCheckWait],
    one(POLICIES),
    one([0.25, 0.5, 0.75]),
  )
}

const dialectOf = ({ operator }: Drawn) => (operator.startsWith('v1beta4') ? 'v1beta4' : 'v2beta1')

const inFull = ({ policy, ...rest }: Drawn): Setting => ({
  ...rest,
  ...CLUSTER,
  sessEvictRate: rest.connEvictRate,
  pollSeconds: pollOf(rest.operator),
  newNodesSeconds: NEW_NODES_SECONDS[dialectOf({ policy, ...rest })],
  reconnect: { preset: policy },
})

/** Clients of which this share keeps its session, without traffic. */
const groups = (sessions: number) => {
  const group = (name: string, share: number, more: string) =>
    `{name: ${name}, share: ${share}, protocol: '5', ${more}, subscribe: [{topic: weir/device/%i/command, qos: 1}]}`
  return `[${group('kept', sessions, 'persistent: true, sessionExpirySeconds: 3600')}, ${group('clean', 1 - sessions, 'persistent: false')}]`
}

/** The arguments of the run that makes the setting. */
function flagsOf(drawn: Drawn): string[] {
  const { operator, clients, nodes, connEvictRate, sessions, policy } = drawn
  const isOld = dialectOf(drawn) === 'v1beta4'
  const spec = 'cluster.manifest.spec'
  const strategy = `${spec}.${isOld ? 'blueGreenUpdate' : 'updateStrategy'}`
  const set = {
    'fleet.clients': clients,
    'fleet.reconnect': `{preset: ${policy}}`,
    'fleet.groups': groups(sessions),
    [`${spec}.${isOld ? 'replicas' : 'coreTemplate.spec.replicas'}`]: nodes,
    [`${strategy}.initialDelaySeconds`]: drawn.initialDelaySeconds,
    [`${strategy}.evacuationStrategy`]: `{connEvictRate: ${connEvictRate}, sessEvictRate: ${connEvictRate}, waitTakeover: ${drawn.waitTakeoverSeconds}}`,
    // The wait for the upgrade, which the scenario bounds for its own rate.
    'steps.7.deadlineSeconds': 600,
    'testbed.operator': operator.split('@')[1],
    'testbed.pollIntervalSeconds': pollOf(operator),
    ...(!isOld && { 'testbed.healthCheckWaitSeconds': drawn.healthCheckWaitSeconds }),
  }
  return [
    isOld ? 'blue-green-quick' : 'blue-green-v5-quick',
    ...Object.entries(set).flatMap(([path, value]) => ['--set', `${path}=${value}`]),
  ]
}

const FIGURES = ['time', 'offline peak', 'attempts', 'attempts/s', 'downtime p50', 'downtime p99'] as const
type Figures = Record<(typeof FIGURES)[number], number>

function predicted(drawn: Drawn): Figures {
  const { seconds, offlinePeak, attempts, attemptsPerSecond, downtime } = predict(inFull(drawn))
  return {
    time: seconds,
    'offline peak': offlinePeak,
    attempts,
    'attempts/s': attemptsPerSecond,
    'downtime p50': downtime.p50Seconds,
    'downtime p99': downtime.p99Seconds,
  }
}

async function measured({ dir, verdict }: WeirRun): Promise<Figures> {
  const { attempts, moments } = viewOf(await readRecord(dir))
  const { took, offlinePeak, attemptsPeak, downtimeP50, downtimeP99 } = verdict.figures
  return {
    time: took.value ?? Number.NaN,
    'offline peak': offlinePeak.value ?? Number.NaN,
    attempts: attempts.filter((t) => t > moments.trigger!).length,
    'attempts/s': attemptsPeak.value ?? Number.NaN,
    'downtime p50': downtimeP50.value ?? Number.NaN,
    'downtime p99': downtimeP99.value ?? Number.NaN,
  }
}

export async function predictions(): Promise<Counts> {
  const counts = none()
  const errors = Object.fromEntries(FIGURES.map((figure) => [figure, [] as number[]])) as Record<
    (typeof FIGURES)[number],
    number[]
  >
  const settings = [...CHOSEN, ...Array.from({ length: DRAWN }, (_, i) => drawn(SEED, i))]
  console.log(`  | setting | ${FIGURES.map((figure) => `${figure}: predicted, run`).join(' | ')} |`)
  for (const one of settings) {
    const expected = predicted(one)
    // A run whose machine was late counts too: what is compared are seconds and clients, not milliseconds.
    const found = await runOnce(flagsOf(one), measured)
    const both = FIGURES.map((figure) => {
      const difference = Math.abs(expected[figure] - found[figure])
      const error =
        figure.startsWith('downtime') && difference < UNSEEN_SECONDS ? 0 : difference / found[figure]
      errors[figure].push(error)
      return { figure, error, cell: `${rounded(expected[figure])}, ${rounded(found[figure])}` }
    })
    // Not a number is not within it either.
    const off = both.filter(({ error }) => !(error <= MOST_ERROR))
    counts[off.length === 0 ? 'pass' : 'fail']++
    for (const { figure, cell } of off) counts.wrong.push(`${words(one)}: ${figure}: ${cell}`)
    console.log(`  | ${words(one)} | ${both.map(({ cell }) => cell).join(' | ')} |`)
  }
  for (const figure of FIGURES) {
    const sorted = errors[figure].toSorted((a, b) => a - b)
    const [middle, largest] = [sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!]
    console.log(`  ${figure}: median error ${percent(middle)}, largest ${percent(largest)}`)
    if (!(middle <= MOST_MEDIAN_ERROR)) counts.wrong.push(`${figure}: median error ${percent(middle)}`)
  }
  return counts
}

const words = (one: Drawn) =>
  `${one.operator}, ${one.clients} clients, ${one.nodes} nodes, ${one.connEvictRate}/s, waits ${one.initialDelaySeconds}, ${one.waitTakeoverSeconds}, ${one.healthCheckWaitSeconds} s, ${one.policy}, sessions ${one.sessions}`
const rounded = (value: number) => (value < 100 ? Number(value.toPrecision(3)) : Math.round(value))
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
