import { WeirError } from '#weir/errors/index.ts'
import { type CsvRow, numberIn, parseCsv } from '../csv.ts'
import { recordedText } from '../recorded-file.ts'

/** The part of a Kubernetes object that the importer reads. */
export interface SeenObject {
  metadata?: {
    name?: string
    uid?: string
    labels?: Record<string, string>
    generation?: number
    creationTimestamp?: string
    deletionTimestamp?: string
    ownerReferences?: { kind: string; name: string }[]
  }
  spec?: { replicas?: number; containers?: { name: string; image?: string }[] }
  status?: {
    replicas?: number
    readyReplicas?: number
    phase?: string
    podIP?: string
    conditions?: { type: string; status: string }[]
  }
  subsets?: { addresses?: { ip: string; targetRef?: { name?: string } }[] }[]
}

/** Times are Unix seconds. */
export interface Watched {
  t: number
  kind: string
  type: 'INITIAL' | 'ADDED' | 'MODIFIED' | 'DELETED'
  object: SeenObject
}

export interface OperatorRecording {
  clients: { t: number; client: string; event: string; pod: string; detail: string }[]
  counts: { t: number; pod: string; live: number; state: string }[]
  watched: Watched[]
  resource: Record<string, unknown>
  /** Log of the steps. */
  steps: { t: number; text: string }[]
}

/** Reads a recorded operator run: clients.csv, counts.csv, watch.ndjson (each may be gzipped), cr.json, steps.log. */
export function readOperatorRecording(dir: string): OperatorRecording {
  const text = (name: string): string => {
    const found = recordedText(dir, name)
    if (found !== undefined) return found
    throw new WeirError(
      'WEIR_IMPORT_INVALID',
      `${dir} has no ${name}: name the folder of a recorded operator run`,
    )
  }
  const rows = <T>(name: string, read: (row: CsvRow, t: number) => T): T[] =>
    parseCsv(text(name)).rows.flatMap((row) => {
      const t = numberIn(row('time'))
      return t === undefined ? [] : [read(row, t)]
    })
  return {
    clients: rows('clients.csv', (row, t) => ({
      t,
      client: row('client'),
      event: row('event'),
      pod: row('pod'),
      detail: row('detail'),
    })).sort((a, b) => a.t - b.t),
    counts: rows('counts.csv', (row, t) => ({
      t,
      pod: row('pod'),
      live: numberIn(row('live')) ?? 0,
      state: row('evac_state'),
    })).sort((a, b) => a.t - b.t),
    watched: jsonLines<Watched>(text('watch.ndjson'), dir),
    resource: jsonLines<Record<string, unknown>>(text('cr.json').replaceAll('\n', ' '), dir)[0] ?? {},
    steps: (recordedText(dir, 'steps.log') ?? '').split('\n').flatMap((line) => {
      const t = numberIn(line.split(' ')[0] ?? '')
      return t === undefined ? [] : [{ t, text: line }]
    }),
  }
}

function jsonLines<T>(text: string, dir: string): T[] {
  return text.split('\n').flatMap((line): T[] => {
    if (line.trim() === '') return []
    try {
      return [JSON.parse(line) as T]
    } catch (cause) {
      throw new WeirError(
        'WEIR_IMPORT_INVALID',
        `${dir} has JSON that cannot be read: check that the recording is complete`,
        { cause },
      )
    }
  })
}
