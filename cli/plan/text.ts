import { PARTS, type Prediction } from '#weir/model/index.ts'
import { alignedRows } from '../table.ts'
import type { LicenceUse } from './licence.ts'

/** A prediction and that of the rolling update beside it. */
export interface Planned {
  blueGreen: Prediction
  rolling: Prediction
  /** CPU seconds of one TLS handshake. */
  tlsSeconds?: number
  licence?: LicenceUse
  clients: number
}

const NOT_MODELLED = 'CPU, memory and network of nodes and clients are taken to be enough.'

/** The prediction as text: one row per figure, the rolling update beside it. */
export function planText(planned: Planned, columns: number): string {
  const [licence, rest] = planNotes(planned)
  return `${alignedRows(planRows(planned), columns)}\n\n${licence}\n${rest}`
}

/** What stands below the figures. */
export function planNotes({ licence }: Planned): [licence: string, rest: string] {
  if (licence === undefined) return ['licence: unknown, give --licence N', NOT_MODELLED]
  return [licenceText(licence), NOT_MODELLED]
}

function licenceText({ limit, admitted, counts, used }: LicenceUse): string {
  if (used > limit)
    return `licence: ${used} of ${limit} ${counts}, more than it is for: EMQX admits ${admitted} at most`
  return `licence: ${used} of ${limit} ${counts}, ${limit - used} left`
}

/** A head and one row per figure: its name, blue-green, rolling. */
export function planRows({ blueGreen, rolling, clients, tlsSeconds }: Planned): string[][] {
  const row = (title: string, of: (prediction: Prediction) => string) => [title, of(blueGreen), of(rolling)]
  const parts = PARTS.filter((part) => blueGreen.parts[part] > 0 || rolling.parts[part] > 0)
  return [
    ['', 'blue-green', 'rolling'],
    row('time in all', ({ seconds }) => time(seconds)),
    ...parts.map((part) => row(`  ${part}`, (prediction) => time(prediction.parts[part]))),
    row('connections ended', ({ moves }) => `${moves}`),
    row('most clients offline', ({ offlinePeak }) => `${offlinePeak} (${percent(offlinePeak / clients)})`),
    row('attempts', ({ attempts, refused }) => `${attempts}, ${refused} refused`),
    row('most attempts in a second', ({ attemptsPerSecond }) => `${attemptsPerSecond}`),
    row('  at one node', ({ attemptsPerSecondOfNode }) => `${attemptsPerSecondOfNode}`),
    row('downtime p50, p99, longest', ({ downtime }) =>
      [downtime.p50Seconds, downtime.p99Seconds, downtime.maxSeconds].map(time).join(', '),
    ),
    row('clients that give up', ({ gaveUp }) => `${gaveUp}`),
    row('TLS handshakes', (prediction) => tls(prediction, tlsSeconds)),
  ]
}

function tls({ attempts, attemptsPerSecondOfNode }: Prediction, tlsSeconds: number | undefined): string {
  if (tlsSeconds === undefined) return 'unknown, give --tls'
  return `${(attempts * tlsSeconds).toFixed(1)} s of CPU, at most ${(attemptsPerSecondOfNode * tlsSeconds).toFixed(1)} CPUs of a node`
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`

function time(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
  const [minutes, rest] = [Math.floor(Math.round(seconds) / 60), Math.round(seconds) % 60]
  return `${minutes} min ${rest} s`
}
