import type { Plan } from '#weir/preflight/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { wrap } from '#weir/reports/terminal/wrap.ts'

/** What weir will change, to the letter, and what it will not. A patch stands on a line of its own, to be copied. */
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
            'and nothing else. It takes nothing back: the cluster stays as the upgrade leaves it.',
            columns,
          ),
        ]),
    ...(tried.length === 0
      ? []
      : ['It tries, as a dry run that the API server must refuse:', ...patches(tried)]),
    ...wrap(fleetText(scenario.fleet.clients), columns),
  ]
}

function fleetText(clients: number): string {
  const deletes = 'Nothing that weir did not make is deleted.'
  if (clients === 0) return deletes
  return `Its clients are called weir-0 to weir-${clients - 1}. They leave at the end, and their MQTT 5 sessions with them; those of 3.1.1 stay until EMQX lets them expire. ${deletes}`
}
