import { type FileHandle, open } from 'node:fs/promises'

/**
 * A file that only grows. Chunks wait in memory until `flush`, and are then handed to the operating system in order:
 * from that moment they survive a kill of this process.
 */
export class AppendFile {
  #handle: FileHandle
  #waiting: Uint8Array[] = []
  #flushing: Promise<void> = Promise.resolve()

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** Creates the file; one that exists already is an error (EEXIST). */
  static async create(path: string): Promise<AppendFile> {
    return new AppendFile(await open(path, 'wx'))
  }

  /** Over a file that is open for writing already; `close` closes it. */
  static over(handle: FileHandle): AppendFile {
    return new AppendFile(handle)
  }

  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk)
  }

  /** Resolves when everything pushed before the call is written. Rejects with the system's error, e.g. ENOSPC. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#writeWaiting())
    return this.#flushing
  }

  async close(): Promise<void> {
    try {
      await this.flush()
      await this.#handle.datasync()
    } finally {
      await this.#handle.close()
    }
  }

  async #writeWaiting(): Promise<void> {
    if (this.#waiting.length === 0) return
    const chunk = Buffer.concat(this.#waiting)
    this.#waiting = []
    let done = 0
    // A nearly full disk takes part of a write first and answers ENOSPC to the rest.
    while (done < chunk.length) done += (await this.#handle.write(chunk, done)).bytesWritten
  }
}
