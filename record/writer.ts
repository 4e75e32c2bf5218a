import { access, mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import type {
  ClientEvents,
  FleetTable,
  LedgerReport,
  LogRow,
  Manifest,
  RecordEvent,
  Scrape,
} from '#weir/facts/index.ts'
import { AppendFile } from './append-file.ts'
import { ClientStream } from './client-stream.ts'
import type { RecordListener } from './listener.ts'
import { messageLines } from './message-lines.ts'
import { RECORD_FILES } from './run-record.ts'
import { withoutSecretsInTexts } from './secret-text.ts'
import { withoutSecrets } from './secrets.ts'

/** Rows of client events that are written without waiting for the next flush. */
const ROWS_PER_BATCH = 65_536

export interface WriterOptions {
  /** Longest time that a fact stays in memory only. Default 500 ms. */
  flushEveryMs?: number
  /** The run reads a Prometheus: its file is there even when nothing comes of it. */
  prometheus?: boolean
  /** The run follows EMQX's logs: their file is there even when nothing comes of it. */
  logs?: boolean
  /** Gets everything that the record gets, at once. It must not throw. */
  listener?: RecordListener | undefined
  /** Told once when the record cannot be written any more (WEIR_DISK). Without it the next flush or close throws. */
  onFailure?: (error: WeirError) => void
}

/** Starts a record in `dir`, which is made when it is missing. Throws WEIR_RECORD_EXISTS or WEIR_DISK. */
export async function openRecord(
  dir: string,
  manifest: Manifest,
  options: WriterOptions = {},
): Promise<RecordWriter> {
  try {
    await mkdir(dir, { recursive: true })
    for (const name of Object.values(RECORD_FILES)) if (await exists(join(dir, name))) throw alreadyThere(dir)
    // These two first: only one of two runs can make them, and the other must not touch a manifest that is not its own.
    const events = await AppendFile.create(join(dir, RECORD_FILES.events))
    const scrapes = await AppendFile.create(join(dir, RECORD_FILES.metrics))
    await replaceFile(join(dir, RECORD_FILES.manifest), pretty(manifest))
    const clients = await AppendFile.create(join(dir, RECORD_FILES.clients))
    const prometheus = options.prometheus
      ? await AppendFile.create(join(dir, RECORD_FILES.prometheus))
      : undefined
    const logs = options.logs ? await AppendFile.create(join(dir, RECORD_FILES.logs)) : undefined
    const files = { events, scrapes, clients, ...(prometheus && { prometheus }), ...(logs && { logs }) }
    const writer = new RecordWriter(dir, manifest, files, options)
    await writer.flush()
    return writer
  } catch (error) {
    if (error instanceof WeirError) throw error
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(dir) : diskError(dir, error)
  }
}

interface Files {
  events: AppendFile
  scrapes: AppendFile
  clients: AppendFile
  prometheus?: AppendFile
  logs?: AppendFile
}

/**
 * Writes a record while its run goes on. Facts are appended and never changed; only run.json is replaced. Whatever was
 * given before the last flush survives a kill -9. A call after `close` is ignored: the run is over.
 */
export class RecordWriter {
  readonly dir: string
  #manifest: Manifest
  #files: Files
  #stream: ClientStream
  #options: WriterOptions
  #timer: NodeJS.Timeout
  #manifestWritten: Promise<void> = Promise.resolve()
  #failure: WeirError | undefined
  #failureSurfaced = false
  #closed = false

  constructor(dir: string, manifest: Manifest, files: Files, options: WriterOptions) {
    this.dir = dir
    this.#manifest = manifest
    this.#files = files
    this.#options = options
    options.listener?.manifest(manifest)
    this.#stream = new ClientStream((bytes) => files.clients.push(bytes))
    this.#timer = setInterval(
      () => void this.#write().catch((error) => this.#fail(error)),
      options.flushEveryMs ?? 500,
    )
    this.#timer.unref()
  }

  /** Merges into run.json (top-level keys) and replaces the file. */
  manifest(patch: Partial<Manifest>): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return this.#patchManifest(patch)
  }

  /** Writes fleet.json. Called once, when the fleet is known. */
  async fleet(table: FleetTable): Promise<void> {
    if (this.#closed) return
    this.#options.listener?.fleet(table)
    await this.#surfacing(() => writeFile(join(this.dir, RECORD_FILES.fleet), `${JSON.stringify(table)}\n`))
  }

  /** Writes messages.ndjson. Called once, when the fleet has left. */
  async messages(account: LedgerReport): Promise<void> {
    if (this.#closed) return
    this.#options.listener?.messages(account)
    await this.#surfacing(async () => {
      const file = await AppendFile.create(join(this.dir, RECORD_FILES.messages))
      for (const one of messageLines(account)) file.push(line(one))
      await file.close()
    })
  }

  event(event: RecordEvent): void {
    if (this.#closed) return
    const kept =
      event.type === 'watch'
        ? { ...event, object: withoutSecrets(event.object) }
        : withoutSecretsInTexts(event)
    this.#files.events.push(line(kept))
    this.#options.listener?.event(kept)
  }

  scrape(scrape: Scrape): void {
    if (this.#closed) return
    const kept = withoutSecretsInTexts(scrape)
    this.#files.scrapes.push(line(kept))
    this.#options.listener?.scrape(kept)
  }

  /** A scrape of a Prometheus; the writer was opened for it. */
  prometheus(scrape: Scrape): void {
    if (!this.#closed) this.#files.prometheus?.push(line(scrape))
  }

  /** A row of EMQX's logs, without secrets already; the writer was opened for it. Returns its bytes. */
  log(row: LogRow): number {
    const bytes = line(row)
    if (!this.#closed) this.#files.logs?.push(bytes)
    return bytes.length
  }

  /** Takes a copy of the batch: the caller may use its arrays again. */
  clients(batch: ClientEvents): void {
    if (this.#closed) return
    this.#stream.add(batch)
    this.#options.listener?.clients(batch)
    if (this.#stream.waiting >= ROWS_PER_BATCH) this.#stream.cut()
  }

  /** Resolves when everything given so far is with the operating system. Throws WEIR_DISK, once. */
  async flush(): Promise<void> {
    await this.#surfacing(() => this.#write())
  }

  /** Ends the record. Everything is tried, even when an earlier write failed. */
  async close(end: NonNullable<Manifest['end']>): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    await this.#surfacing(async () => {
      this.#stream.end()
      const files = Object.values(this.#files).map((file) => file.close())
      const results = await Promise.allSettled([...files, this.#patchManifest({ end })])
      for (const result of results) if (result.status === 'rejected') throw result.reason
    })
  }

  #patchManifest(patch: Partial<Manifest>): Promise<void> {
    this.#manifest = { ...this.#manifest, ...patch }
    this.#options.listener?.manifest(this.#manifest)
    const content = pretty(this.#manifest)
    const write = () => this.#surfacing(() => replaceFile(join(this.dir, RECORD_FILES.manifest), content))
    this.#manifestWritten = this.#manifestWritten.then(write, write)
    return this.#manifestWritten
  }

  async #write(): Promise<void> {
    if (!this.#closed) this.#stream.cut()
    if (this.#failure === undefined) await Promise.all(Object.values(this.#files).map((file) => file.flush()))
  }

  async #surfacing(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.#fail(error)
    }
    if (this.#failure === undefined || this.#failureSurfaced) return
    this.#failureSurfaced = true
    throw this.#failure
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = cause instanceof WeirError ? cause : diskError(this.dir, cause)
    if (this.#options.onFailure === undefined) return
    this.#failureSurfaced = true
    this.#options.onFailure(this.#failure)
  }
}

function line(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

function pretty(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

export function alreadyThere(dir: string): WeirError {
  return new WeirError('WEIR_RECORD_EXISTS', `${dir} already has a record: choose another folder with --out`)
}

function diskError(dir: string, cause: unknown): WeirError {
  return new WeirError(
    'WEIR_DISK',
    `the record in ${dir} cannot be written (${messageOf(cause)}): free space or choose another --out`,
    { cause },
  )
}

/** Replaces a file atomically: a reader, or a crash, finds the old content or the new one. */
async function replaceFile(path: string, content: string): Promise<void> {
  const fresh = `${path}.new`
  const handle = await open(fresh, 'w')
  try {
    await handle.writeFile(content)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(fresh, path)
}
