import { dialects } from '#weir/cluster/dialects/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { LogRow } from '#weir/facts/index.ts'
import { type RunRecord, readRecord } from '#weir/record/index.ts'
import { offText } from './off.ts'
import type { LogQuery } from './query.ts'
import { EMQX_CATEGORY, productOf, rowOf } from './row.ts'
import type { Found } from './show.ts'

/** The lines in a record, also of pods that are gone. Throws WEIR_USAGE where it has none that the query could be about. */
export async function logsOfRecord(dir: string, query: LogQuery): Promise<Found> {
  const record = await readRecord(dir)
  const { logs, damage } = record
  if (logs === undefined)
    throw new WeirError(
      'WEIR_USAGE',
      `${dir} has no logs.ndjson: its run did not follow logs (observe.logMiB: 0), or an older weir made it`,
    )
  const resource = resourceOf(record)
  const cluster = resource?.metadata.name ?? 'unknown'
  if (query.cluster !== undefined && query.cluster !== cluster)
    throw new WeirError('WEIR_USAGE', `${dir} is a record of cluster ${cluster}, not of ${query.cluster}`)
  if (query.product !== undefined && productOf(query.product) !== productOf(EMQX_CATEGORY))
    throw new WeirError('WEIR_USAGE', `a record has the logs of product emqx alone, not of ${query.product}`)
  const rows = logs.flatMap((row) =>
    row.type === 'line' ? [rowOf({ cluster, category: EMQX_CATEGORY, pod: row.pod }, row)] : [],
  )
  const torn = damage.filter(({ file }) => file === 'logs.ndjson').map(({ what }) => `logs.ndjson: ${what}`)
  return { rows, notes: [...unread(record, resource, rows.length), ...missing(logs), ...torn] }
}

function resourceOf({ events }: RunRecord): KubeObject | undefined {
  const kinds: readonly string[] = Object.values(dialects).map(({ kind }) => kind)
  const seen = events.find((event) => event.type === 'watch' && kinds.includes(event.kind))
  return seen?.type === 'watch' ? (seen.object as KubeObject) : undefined
}

/** Why there is no line at all, where the record shows it. */
function unread({ events }: RunRecord, resource: KubeObject | undefined, lines: number): string[] {
  const refused = events.find((event) => event.type === 'api-failure' && event.api === 'pods/log')
  if (refused?.type === 'api-failure') return [`weir was not allowed to follow the logs: ${refused.error}`]
  const dialect = Object.values(dialects).find(({ kind }) => kind === resource?.kind)
  const setting = resource && dialect?.logSetting(resource)
  const off = setting && offText('the log service was', setting)
  return lines > 0 || off === undefined ? [] : [off]
}

function missing(logs: readonly LogRow[]): string[] {
  const omitted = new Map(logs.flatMap((row) => (row.type === 'omitted' ? [[row.pod, row] as const] : [])))
  return [
    ...[...omitted.values()].map(
      ({ pod, lines, bytes }) =>
        `${lines} lines (${bytes} bytes) of ${pod} were left out, since the record had reached its limit`,
    ),
    ...logs.flatMap((row) => (row.type === 'gap' ? [`lines of ${row.pod} may be missing: ${row.why}`] : [])),
  ]
}
