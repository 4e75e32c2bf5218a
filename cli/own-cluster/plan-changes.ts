import type { Plan } from '#weir/preflight/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { wrap } from '#weir/reports/terminal/wrap.ts'

/** What weir will change and what it will not. Each patch has its own line, so that it can be copied. */
export function changesText({ changes, scenario, discovery }: Plan, columns: number): string[] {
  const what = `${discovery.dialect.kind} ${discovery.namespace}/${discovery.name}`
  const made = changes.filter(({ expect }) => expect === 'accepted')
  const tried = changes.filter(({ expect }) => expect === 'refused')
  const patches = (some: Plan['changes']) =>
    some.map(({ patch }) => `  ${JSON.stringify(withoutSecrets(patch))}`)
  return [
    ...(made.length === 0
      ? ['weir changes nothing in the cluster.']
      : [
          `weir changes ${what} by a merge patch:`,
          ...patches(made),
          ...wrap(
            'and nothing else. It undoes nothing: the cluster stays as the upgrade leaves it.',
            columns,
          ),
        ]),
    ...(tried.length === 0 ? [] : ['As a dry run that the API server must refuse:', ...patches(tried)]),
    ...wrap(fleetText(scenario.fleet.clients), columns),
  ]
}

function fleetText(clients: number): string {
  const deletes = 'weir deletes nothing.'
  if (clients === 0) return deletes
  return `Its client ids are weir-0 to weir-${clients - 1}. At the end they disconnect and end their MQTT 5 sessions; sessions of MQTT 3.1.1 stay until EMQX expires them. ${deletes}`
}
