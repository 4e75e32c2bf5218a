import { readPrometheusAddress } from '#weir/cluster/index.ts'
import { resourcesText } from '#weir/facts/index.ts'
import type { Scenario, Step } from '../types.ts'

function objectOf(step: Extract<Step, { action: string }>): string {
  if (step.action === 'upgrade') return ` to ${step.version}`
  if (step.action === 'scale') return ` to ${step.replicas} nodes`
  if (step.action === 'connections') return ` to ${step.most}`
  if (step.action === 'transfer') return ` to project ${step.project}`
  if (step.action === 'resize') return ` to ${resourcesText(step.resources)}`
  return step.action === 'connect-more' ? ` ${step.clients} clients` : ''
}

function stepLine(step: Step): string {
  if ('hold' in step) return `hold ${step.hold.seconds} s`
  if ('mark' in step) return `note "${step.mark}"`
  const verb = 'waitFor' in step ? `wait for ${step.waitFor}` : `${step.action}${objectOf(step)}`
  const within =
    step.deadlineSeconds === 'formula' ? '1.5 times the expected duration' : `${step.deadlineSeconds} s`
  return `${verb} (within ${within})`
}

const operatorOf = ({ operator, pollIntervalSeconds }: Scenario['testbed']): string =>
  typeof operator === 'string'
    ? `operator ${operator}, polling every ${pollIntervalSeconds} s`
    : `the operator ${operator.binary}`

function observeLine({ observe }: Scenario): string {
  const { scrape, scrapeIntervalSeconds, prometheus, sampleIntervalSeconds, listingIntervalSeconds } = observe
  return [
    scrape ? `scrape every ${scrapeIntervalSeconds} s` : 'no scrapes',
    ...(prometheus === undefined ? [] : [`read the Prometheus ${readPrometheusAddress(prometheus).url}`]),
    `sample every ${sampleIntervalSeconds} s`,
    `list clients every ${listingIntervalSeconds} s`,
  ].join(', ')
}

/** A scenario in a few lines: its steps, and what it verifies. */
export function describeScenario(scenario: Scenario): string {
  const { fleet, testbed } = scenario
  return [
    `${scenario.name}: ${scenario.description}`,
    '',
    `cluster   ${scenario.cluster.dialect}; on weir's own ${testbed.kind} testbed ${operatorOf(testbed)}`,
    `fleet     ${fleet.clients} clients in ${fleet.groups.length} groups (${fleet.groups.map(({ name }) => name).join(', ')}) through ${fleet.connection}`,
    `observe   ${observeLine(scenario)}`,
    'steps',
    ...scenario.steps.map((step, index) => `  ${String(index).padStart(2)}  ${stepLine(step)}`),
    `assert    ${scenario.assert.map(({ id }) => id).join(', ')}`,
    ...(scenario.knownDeviations.length > 0 ? [`deviates  ${scenario.knownDeviations.join(', ')}`] : []),
    ...(scenario.mayDeviate.length > 0 ? [`may deviate ${scenario.mayDeviate.join(', ')}`] : []),
    ...(scenario.control ? [`control   ${scenario.control}`] : []),
  ].join('\n')
}
