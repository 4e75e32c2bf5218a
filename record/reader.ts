import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import {
  type ClientEvents,
  type ContainerFacts,
  containerFacts,
  disruptionOf,
  type FleetTable,
  type LogRow,
  type Manifest,
  type Messages,
  RECORD_FORMAT,
  type RecordEvent,
  type Scrape,
} from '#weir/facts/index.ts'
import { noClientEvents } from './client-columns.ts'
import { readClientStream } from './client-stream-reader.ts'
import { readLines } from './lines-reader.ts'
import { accountOf } from './message-lines.ts'
import { RECORD_FILES, type RecordFile, type RunRecord } from './run-record.ts'
import { eventProblem, fleetProblem, logProblem, manifestProblem, scrapeProblem } from './schema/index.ts'

/**
 * Reads a whole record. Whatever a crash left behind is read as far as it goes and the rest is named in `damage`.
 * Throws WEIR_RECORD_MISSING, WEIR_RECORD_NEWER, or WEIR_RECORD_DAMAGED when not even run.json can be read.
 */
export async function readRecord(dir: string): Promise<RunRecord> {
  const manifest = await readManifest(dir)
  const damage: RunRecord['damage'] = []
  const read = async (file: RecordFile): Promise<Buffer | undefined> => {
    try {
      return await readRegularFile(join(dir, file))
    } catch (error) {
      damage.push({
        file,
        what: isMissing(error) ? 'the file is missing' : `cannot be read (${messageOf(error)})`,
      })
      return undefined
    }
  }
  const fleet = readFleet(await read('fleet.json'), damage)
  const stream = await read('clients.arrow')
  const clients =
    stream === undefined ? { clients: noClientEvents() } : readClientStream(stream, fleet.ids.length)
  if (clients.damage !== undefined) damage.push({ file: 'clients.arrow', what: clients.damage })
  const lines = async <T extends { t: number }>(
    file: RecordFile,
    problemOf: (row: unknown) => string | undefined,
  ): Promise<T[]> => {
    const found = readLines<T>((await read(file))?.toString('utf8') ?? '', problemOf)
    for (const what of found.damage) damage.push({ file, what })
    return found.rows
  }
  const messages = await readMessages(dir, damage)
  const prometheus = await readOptional<Scrape>(dir, RECORD_FILES.prometheus, scrapeProblem, damage)
  const logs = await readOptional<LogRow>(dir, RECORD_FILES.logs, logProblem, damage)
  return {
    manifest,
    fleet: fleet.ids.length > 0 ? fleet : unknownFleet(clients.clients),
    clients: clients.clients,
    events: withPodStatus(await lines<RecordEvent>('events.ndjson', eventProblem)),
    scrapes: await lines<Scrape>('metrics.ndjson', scrapeProblem),
    ...(prometheus && { prometheus }),
    ...(messages && { messages }),
    ...(logs && { logs }),
    damage,
  }
}

/** It is written last, and only when there was traffic: that it is not there is no damage. */
async function readMessages(dir: string, damage: RunRecord['damage']): Promise<Messages | undefined> {
  const file = RECORD_FILES.messages
  try {
    const found = accountOf((await readRegularFile(join(dir, file))).toString('utf8'))
    for (const what of found.damage) damage.push({ file, what })
    return found.messages
  } catch (error) {
    if (!isMissing(error)) damage.push({ file, what: `cannot be read (${messageOf(error)})` })
    return undefined
  }
}

/** A file that only some runs write. One that cannot be read holds nothing. */
async function readOptional<T extends { t: number }>(
  dir: string,
  file: RecordFile,
  problemOf: (row: unknown) => string | undefined,
  damage: RunRecord['damage'],
): Promise<T[] | undefined> {
  try {
    const found = readLines<T>((await readRegularFile(join(dir, file))).toString('utf8'), problemOf)
    for (const what of found.damage) damage.push({ file, what })
    return found.rows
  } catch (error) {
    if (isMissing(error)) return undefined
    damage.push({ file, what: `cannot be read (${messageOf(error)})` })
    return []
  }
}

/** Reads run.json alone. Throws as `readRecord`. */
export async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, RECORD_FILES.manifest)
  let text: string
  try {
    text = (await readRegularFile(path)).toString('utf8')
  } catch (error) {
    throw new WeirError(
      'WEIR_RECORD_MISSING',
      `${dir} has no record (no run.json): name a folder that "weir run" wrote`,
      { cause: error },
    )
  }
  const manifest = parseManifest(text, path)
  if (manifest.format > RECORD_FORMAT)
    throw new WeirError(
      'WEIR_RECORD_NEWER',
      `${path} has format ${manifest.format}, this weir reads up to ${RECORD_FORMAT}: use weir ${manifest.weir ?? ''} or newer`,
    )
  return manifest
}

function parseManifest(text: string, path: string): Manifest {
  try {
    const value = JSON.parse(text) as Manifest
    if (typeof value?.format !== 'number') throw new Error('it has no format number')
    // A newer format is refused by its number, whatever else it has.
    if (value.format > RECORD_FORMAT) return value
    const manifest = {
      ...value,
      asserts: value.asserts ?? [],
      knownDeviations: value.knownDeviations ?? [],
      notes: value.notes ?? [],
    }
    const problem = manifestProblem(manifest)
    if (problem !== undefined) throw new Error(problem)
    return manifest
  } catch (error) {
    throw new WeirError(
      'WEIR_RECORD_DAMAGED',
      `${path} cannot be read (${messageOf(error)}): the record is lost without it`,
      { cause: error },
    )
  }
}

function readFleet(bytes: Buffer | undefined, damage: RunRecord['damage']): FleetTable {
  const empty: FleetTable = { ids: [], group: [], groups: [] }
  if (bytes === undefined) return empty
  try {
    const table = JSON.parse(bytes.toString('utf8')) as FleetTable
    const problem = fleetProblem(table) ?? groupProblem(table)
    if (problem !== undefined) throw new Error(problem)
    return table
  } catch (error) {
    damage.push({ file: 'fleet.json', what: `cannot be read (${messageOf(error)})` })
    return empty
  }
}

/** Clients of which nothing is known but their rows. */
function unknownFleet({ client, length }: ClientEvents): FleetTable {
  const clients = client.subarray(0, length).reduce((most, one) => Math.max(most, one + 1), 0)
  const ids = Array.from({ length: clients }, (_, k) => `client ${k}`)
  if (clients === 0) return { ids, group: [], groups: [] }
  return {
    ids,
    group: ids.map(() => 0),
    groups: [{ name: 'unknown', protocol: '5', persistent: false, subscribed: false }],
  }
}

/** Every client is in a group that is there. */
function groupProblem({ ids, group, groups }: FleetTable): string | undefined {
  if (group.length !== ids.length) return `it has ${ids.length} clients and ${group.length} groups of clients`
  const wrong = group.find((one) => one >= groups.length)
  return wrong === undefined ? undefined : `a client is in group ${wrong} of ${groups.length}`
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException)?.code === 'ENOENT'
}

/**
 * Pods as they are recorded today. Older records state how a container ended, and what disrupts the pod, in the raw object alone,
 * which stands before the pod's own event. Everything else reads pod events only.
 */
export function withPodStatus(events: readonly RecordEvent[]): RecordEvent[] {
  const latest = new Map<string, { container?: ContainerFacts; disruption?: string }>()
  return events.map((event) => {
    if (event.type === 'watch' && event.kind === 'Pod') {
      const { status } = (event.object ?? {}) as { status?: unknown }
      const [container, disruption] = [containerFacts(status), disruptionOf(status)]
      latest.set(event.name, { ...(container && { container }), ...(disruption && { disruption }) })
    }
    return event.type === 'pod' ? { ...latest.get(event.name), ...event } : event
  })
}

/**
 * The bytes of a regular file. A FIFO, a device or a folder under a record's name is refused before it is read: it would never end.
 * Throws as node:fs does, and an Error for what is no regular file.
 */
async function readRegularFile(path: string): Promise<Buffer> {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is no regular file')
    return await file.readFile()
  } finally {
    await file.close()
  }
}
