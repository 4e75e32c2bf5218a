import { readPrometheusAddress } from '#weir/cluster/index.ts'
import { CARRIED, resourcesText } from '#weir/facts/index.ts'
import { type Plan, sizesText, targetsText } from '#weir/preflight/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { wrap } from '#weir/reports/terminal/wrap.ts'
import { interferenceText } from '#weir/scenarios/actions/interference/says.ts'
import type { Step } from '#weir/scenarios/index.ts'
import { commonPrefix } from '#weir/scenarios/run/client-ids.ts'
import { alignedRows } from '../table.ts'

type RebalanceStep = Extract<Step, { action: 'rebalance' }>

/** The plan as the user confirms it. */
export function planText(plan: Plan, columns: number): string {
  const { scenario, discovery } = plan
  const { kind, apiVersion } = discovery.dialect
  const rows = [
    ['cluster', discovery.server],
    ['resource', `${kind} ${discovery.namespace}/${discovery.name} (${apiVersion})`],
    ['operator', operatorText(plan)],
    ['EMQX', versionText(plan)],
    nodesRow(plan),
    ...resourceRows(plan),
    ...clientRows(plan),
    ['pods', podsText(plan)],
    ['metrics', metricsText(plan)],
    ...prometheusRows(plan),
    ['EMQX API', apiText(plan)],
    ...plan.doubts.map(({ state, says, todo }): [string, string] => [
      state === 'warning' ? 'warning' : 'unknown',
      todo ? `${says}: ${todo}` : says,
    ]),
    ...plan.notAsked.map(({ id, why }): [string, string] => ['left out', `${id}: ${why}`]),
  ]
  return [
    `${scenario.name} on your own cluster`,
    '',
    alignedRows(rows, columns),
    '',
    ...changesText(plan, columns),
  ].join('\n')
}

const operatorText = ({ discovery: { operator } }: Plan): string =>
  operator.line === undefined ? `unknown: ${operator.how}` : `${operator.line} (${operator.how})`

function versionText({ scenario, discovery }: Plan): string {
  const from = discovery.version ?? 'an unnamed version'
  const upgrade = scenario.steps.find((step) => 'action' in step && step.action === 'upgrade')
  return upgrade && 'version' in upgrade ? `${from} to ${upgrade.version}` : `${from}, unchanged`
}

/** What becomes of the nodes: an update, or another number of them. */
function nodesRow(plan: Plan): [string, string] {
  const { scenario, discovery } = plan
  if (acts(scenario, 'stop') || acts(scenario, 'start') || acts(scenario, 'delete'))
    return ['nodes', lifecycleText(plan)]
  const setting = settingText(plan)
  if (setting) return setting
  const scale = scenario.steps.find((step) => 'action' in step && step.action === 'scale')
  if (!scale || !('replicas' in scale)) return ['update', updateText(plan)]
  const { servingReplicas, replicas, connEvictRate } = discovery.strategy
  const others = replicas - servingReplicas
  const evacuates = acts(scenario, 'evacuate')
  const how = evacuates
    ? `, the one that goes evacuated first at ${connEvictRate} connections per second`
    : ''
  return [
    'nodes',
    `${servingReplicas} to ${scale.replicas} that accept clients${others > 0 ? `, beside ${others} cores` : ''}${how}`,
  ]
}

function lifecycleText({ scenario, discovery }: Plan): string {
  const start = scenario.steps.find((step) => 'action' in step && step.action === 'start')
  const { replicas } = discovery.strategy
  return start && 'cores' in start
    ? `${replicas} to ${start.cores + start.replicants}`
    : `${replicas} to none`
}

/** What is changed beside the nodes. */
function settingText({ scenario, discovery }: Plan): [string, string] | undefined {
  for (const step of scenario.steps) {
    if (!('action' in step)) continue
    if (step.action === 'connections')
      return ['connections', `${discovery.licence.found?.most ?? 'unknown'} to ${step.most}`]
    if (step.action === 'rebalance') return ['nodes', rebalanceText(step)]
    if (step.action === 'transfer') return ['project', `becomes ${step.project}`]
  }
  return undefined
}

const rebalanceText = (step: RebalanceStep): string =>
  `levelled at ${step.connEvictRate} connections and ${step.sessEvictRate} sessions per second and node that gives, until they are within ${step.absConnThreshold} connections or a factor of ${step.relConnThreshold} of those that take`

/** What the nodes have now and what they get, where the operation is about that. */
function resourceRows({ scenario, resources }: Plan): [string, string][] {
  const resize = scenario.steps.find((step) => 'action' in step && step.action === 'resize')
  if (!resize || !('resources' in resize)) return []
  return [['resources', `${sizesText(resources)} to ${resourcesText(resize.resources)}`]]
}

function updateText({ discovery: { strategy, dialect }, expectedSeconds, limitSeconds }: Plan): string {
  const { replicas, servingReplicas, connEvictRate, sessEvictRate } = strategy
  const { waitTakeoverSeconds, initialDelaySeconds } = strategy
  const nodes =
    servingReplicas === replicas
      ? `${replicas} nodes`
      : `${replicas} nodes, ${servingReplicas} of which accept clients`
  const limit = limitSeconds === undefined ? '' : `; time limit: ${duration(limitSeconds)}`
  if (connEvictRate === 0) return `${nodes}, replaced without evacuation${limit}`
  const waits = [
    `${initialDelaySeconds} s before the first`,
    ...(dialect.facts.healthCheckWaitSeconds > 0
      ? [`${dialect.facts.healthCheckWaitSeconds} s per node for health checks`]
      : []),
    `${waitTakeoverSeconds === 0 ? "EMQX's own 60" : waitTakeoverSeconds} s for takeovers`,
  ]
  return `${nodes}, evacuated at ${connEvictRate} connections and ${sessEvictRate} sessions per second, ${waits.join(', ')}; expected duration: up to ${duration(expectedSeconds)}${limit}`
}

function clientRows(plan: Plan): [string, string][] {
  const { scenario, addresses, discovery, otherClients } = plan
  const { fleet } = scenario
  const service = discovery.service.found?.name ?? 'the Service'
  const where = addresses
    ? `${targetsText(addresses.answered)}, ${addresses.kind === 'given' ? 'as given' : `the ${addresses.kind} of Service ${service}`}`
    : 'nowhere'
  const more = scenario.steps.find((step) => 'action' in step && step.action === 'connect-more')
  const newcomers = more && 'clients' in more ? `, and at the end ${more.clients} more for a moment` : ''
  const { protocol = 'mqtt' } = fleet.transport ?? {}
  const by = protocol === 'mqtt' ? '' : `, ${CARRIED[protocol]}`
  const fleetText =
    fleet.clients === 0 ? "none of weir's" : `${fleet.clients} through ${where}${by}${newcomers}`
  const rows: [string, string][] = [
    ['clients', fleetText],
    ...podRows(plan),
    ...messageRows(scenario),
    ...storedRows(scenario),
  ]
  if (otherClients)
    rows.push(['others', `${otherClients} other clients are connected: ${fateOfOthers(scenario)}`])
  const licence = discovery.licence.found
  if (licence)
    rows.push(['licence', `for ${licence.most} clients, ${fleet.clients + (otherClients ?? 0)} with these`])
  return rows
}

const acts = ({ steps }: Plan['scenario'], action: string): boolean =>
  steps.some((step) => 'action' in step && step.action === action)

/** What becomes of clients that are not weir's. */
function fateOfOthers(scenario: Plan['scenario']): string {
  if (acts(scenario, 'stop')) return 'all of them lose their connection'
  if (acts(scenario, 'rebalance')) return 'those on nodes with too many are moved as well'
  if (!acts(scenario, 'scale')) return 'the update moves them as well'
  if (acts(scenario, 'evacuate')) return 'those on the node that goes are moved as well'
  return acts(scenario, 'connect-more')
    ? 'they are to stay where they are'
    : 'those on nodes that go lose their connection'
}

function podRows({ fleetJob, scenario: { fleet } }: Plan): [string, string][] {
  if (!fleetJob || fleet.clients === 0) return []
  const { pods, image } = fleetJob
  return [
    [
      'fleet',
      `in ${pods} ${pods === 1 ? 'pod' : 'pods'} of ${image}, ${Math.ceil(fleet.clients / pods)} clients each`,
    ],
  ]
}

/** The topics of the fleet's messages: other subscribers to them receive the messages too. */
function messageRows({ fleet: { clients, groups } }: Plan['scenario']): [string, string][] {
  const topics = groups.flatMap(({ publish, will }) => [publish?.topic ?? [], will?.topic ?? []].flat())
  const places = [...new Set(topics.map(placeOf))].sort()
  return clients === 0 || places.length === 0
    ? []
    : [['messages', `messages and wills of these clients go ${places.join(' and ')}`]]
}

const several = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

/** What EMQX is given to keep until the end of the run. */
function storedRows({ steps }: Plan['scenario']): [string, string][] {
  const step = steps.find((one) => 'action' in one && one.action === 'store-data')
  if (!step || !('retained' in step)) return []
  const { retained, sessions, queuedEach } = step
  const waiting = sessions > 0 && queuedEach > 0 ? ` with ${several(queuedEach, 'message')} each` : ''
  const parts = [
    ...(retained > 0 ? [`${several(retained, 'retained message')} below weir/stored/`] : []),
    ...(sessions > 0 ? [`${several(sessions, 'session')}${waiting}`] : []),
  ]
  return parts.length === 0 ? [] : [['stored', `${parts.join(' and ')}, removed at the end`]]
}

/** "below weir/fleet/" for `weir/fleet/%i/data`: up to the first part that differs between clients. */
function placeOf(topic: string): string {
  const variable = topic.indexOf('%')
  if (variable < 0) return `to ${topic}`
  const fixed = topic.slice(0, topic.lastIndexOf('/', variable) + 1)
  return fixed === '' ? `to ${topic}` : `below ${fixed}`
}

function podsText({ discovery: { route } }: Plan): string {
  if (route.found === undefined) return `cannot be reached: ${route.why}`
  return route.found === 'pods'
    ? 'reached at their own addresses'
    : 'reached through the API server: metrics through its pod proxy, the API through a port-forward'
}

function prometheusRows({ scenario: { observe } }: Plan): [string, string][] {
  const { prometheus } = observe
  return prometheus === undefined ? [] : [['Prometheus', readPrometheusAddress(prometheus).url]]
}

function metricsText({ scenario, discovery: { metrics, dialect } }: Plan): string {
  if (!scenario.observe.scrape) return 'not scraped by weir'
  if (metrics.found === undefined) return `none: ${metrics.why}`
  const { path, port, authentication, connections, liveConnections } = metrics.found
  const names = [
    ...(connections ? [dialect.facts.connectionsMetric] : []),
    ...(liveConnections ? [dialect.facts.liveConnectionsMetric] : []),
  ]
  const who = authentication === 'none' ? 'without credentials' : 'with the credentials of the API'
  return `${names.join(' and ') || 'no connection gauge'}, GET :${port}${path} of each pod, ${who}`
}

const apiText = ({ discovery: { credentials } }: Plan): string =>
  credentials.found ? `as ${credentials.found.username} (${credentials.how})` : `not used: ${credentials.why}`

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  return `${Math.ceil(seconds / 60)} minutes`
}

/** What weir will change and what it will not. Each patch has its own line, so that it can be copied. */
function changesText(plan: Plan, columns: number): string[] {
  const { changes, scenario, discovery, fleetJob } = plan
  const what = `${discovery.dialect.kind} ${discovery.namespace}/${discovery.name}`
  const made = changes.filter(({ expect, object }) => expect !== 'refused' && object === undefined)
  const settings = changes.filter(({ object }) => object !== undefined)
  const tried = changes.filter(({ expect }) => expect === 'refused')
  const deletes = acts(scenario, 'delete')
  const others = scenario.steps.flatMap((step) => interferenceText(step) ?? [])
  const patches = (some: readonly { patch: unknown }[]) =>
    some.map(({ patch }) => `  ${JSON.stringify(withoutSecrets(patch))}`)
  return [
    ...settings.flatMap(({ object, says, patch }) => [
      says ?? `weir changes ${object} by a merge patch, and nothing of its pods:`,
      `  ${JSON.stringify(patch)}`,
    ]),
    ...(made.length > 0
      ? [
          ...evacuationText(plan, columns),
          `weir changes ${what} by a merge patch:`,
          ...patches(made),
          ...(deletes
            ? []
            : wrap(`${others.length > 0 ? '' : 'and nothing else. '}${undoText(plan)}`, columns)),
          ...made.flatMap(({ forTheRun }) =>
            forTheRun === undefined
              ? []
              : [
                  'When the run ends, these get the values from before again:',
                  ...patches([{ patch: forTheRun }]),
                ],
          ),
        ]
      : settings.length > 0 || deletes || others.length > 0
        ? []
        : ['weir changes nothing in the cluster.']),
    ...others.flatMap((text) => wrap(text, columns)),
    ...(deletes
      ? wrap(
          `${made.length > 0 ? 'When no pod is left weir' : 'weir'} deletes ${what}, and with it everything that belongs to it but its volumes. Nothing brings it back.`,
          columns,
        )
      : []),
    ...(tried.length === 0 ? [] : ['As a dry run that the API server must refuse:', ...patches(tried)]),
    ...(fleetJob && scenario.fleet.clients > 0 ? wrap(jobText(discovery.namespace), columns) : []),
    ...wrap(fleetText(plan, fleetJob !== undefined || deletes || others.length > 0), columns),
  ]
}

const undoText = ({ scenario }: Plan): string =>
  acts(scenario, 'revert')
    ? 'At the end it takes this back by another merge patch, with the values from before.'
    : 'It undoes nothing: the cluster stays as this leaves it.'

/** What weir does through EMQX's API before it changes the resource. */
function evacuationText({ scenario, discovery }: Plan, columns: number): string[] {
  if (!acts(scenario, 'evacuate')) return []
  const forgets = discovery.dialect.emqx.forgets
    ? ' When its pod is gone weir takes it off the list of members.'
    : ''
  const text = `weir evacuates the node with the highest number through EMQX's API, and ends that if its pod is not to go.${forgets} Then`
  return wrap(text, columns)
}

const jobText = (namespace: string): string =>
  `For its clients weir creates a Job weir-fleet-… and Secrets named after it in namespace ${namespace}, and deletes them at the end.`

function fleetText({ scenario, clientIds }: Plan, hasJob: boolean): string {
  const { clients } = scenario.fleet
  const [first, last] = clientIds ?? ['weir-0', `weir-${clients - 1}`]
  const deletes = hasJob ? 'weir deletes nothing else.' : 'weir deletes nothing.'
  if (clients === 0) return deletes
  const listed =
    clientIds && commonPrefix(clientIds) === ''
      ? ' They begin with nothing in common, so EMQX is asked for all of its clients each time that weir looks for these; others are not recorded.'
      : ''
  return `Its client ids are ${first} to ${last}.${listed} At the end they disconnect and end their MQTT 5 sessions; sessions of MQTT 3.1.1 stay until EMQX expires them. ${deletes}`
}
