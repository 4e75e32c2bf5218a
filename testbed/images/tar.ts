import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs'

/** One entry of an archive. Directories come before what is in them. */
export interface Entry {
  /** Without a leading slash. */
  path: string
  mode: number
  content?: Uint8Array
  /** A file of this machine that holds the content. Without either it is a directory or a link. */
  from?: string
  /** What a symbolic link leads to. */
  link?: string
  /** User and group. */
  owner?: number
}

const BLOCK = 512

/**
 * Writes an archive in the format ustar (POSIX.1-1988). No time and no name of a user gets into it, so the same entries give the same
 * bytes. Returns the SHA-256 digest of the file.
 */
export function writeTar(file: string, entries: Iterable<Entry>): string {
  const hash = createHash('sha256')
  const handle = openSync(file, 'w')
  const write = (bytes: Uint8Array) => {
    hash.update(bytes)
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done)
  }
  try {
    for (const entry of entries) {
      const { content, from } = entry
      const size = from === undefined ? (content?.length ?? 0) : statSync(from).size
      write(headerOf(entry, size))
      if (from !== undefined) copy(from, size, write)
      else if (content !== undefined) write(content)
      write(Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK))
    }
    write(Buffer.alloc(2 * BLOCK))
  } finally {
    closeSync(handle)
  }
  return hash.digest('hex')
}

const CHUNK = 1 << 20

/** A file as it was when its size was read: one that has changed since would shift everything behind it. */
function copy(from: string, size: number, write: (bytes: Uint8Array) => void): void {
  const file = openSync(from, 'r')
  try {
    const buffer = Buffer.alloc(Math.min(CHUNK, size))
    for (let left = size; left > 0; ) {
      const count = readSync(file, buffer, 0, Math.min(left, buffer.length), null)
      if (count === 0) throw new Error(`${from} became shorter while it was read`)
      write(buffer.subarray(0, count))
      left -= count
    }
  } finally {
    closeSync(file)
  }
}

function headerOf({ path, mode, content, from, link, owner = 0 }: Entry, size: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const isFolder = content === undefined && from === undefined && link === undefined
  const { name, prefix } = split(isFolder ? `${path}/` : path)
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  header.write(name, 0)
  octal(mode, 100, 8)
  octal(owner, 108, 8)
  octal(owner, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  header.write(' '.repeat(8), 148)
  header.write(isFolder ? '5' : link === undefined ? '0' : '2', 156)
  if (link !== undefined) {
    if (Buffer.byteLength(link) > 100) throw new Error(`the link ${path} is too long for the archive`)
    header.write(link, 157)
  }
  header.write('ustar\u000000', 257)
  header.write(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** A name of up to 100 bytes, and what stands before it, of up to 155. */
function split(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' }
  for (let at = path.indexOf('/'); at >= 0 && at < path.length - 1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { name, prefix }
  }
  throw new Error(`the path ${path} is too long for the archive`)
}
