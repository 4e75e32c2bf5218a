import type { Transform } from 'node:stream'
import { constants, createDeflate, createInflate, type Zlib } from 'node:zlib'
import { HEADER_DICTIONARY, sized } from './dictionary.ts'

export type Headers = Readonly<Record<string, string>>

/** Reads and writes the header blocks of one connection, which are one compressed stream each way (SPDY Draft 3, 2.6.10). */
export class HeaderBlocks {
  readonly #inflate = createInflate({ dictionary: HEADER_DICTIONARY })
  readonly #deflate = createDeflate({ dictionary: HEADER_DICTIONARY })

  /** Rejects when the block is damaged. */
  async read(block: Buffer): Promise<Headers> {
    return parse(await passed(this.#inflate, block))
  }

  write(headers: Headers): Promise<Buffer> {
    return passed(this.#deflate, format(headers))
  }

  close(): void {
    this.#inflate.destroy()
    this.#deflate.destroy()
  }
}

/** What comes out of a codec for what goes in. */
async function passed(codec: Zlib & Transform, input: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = []
  const collect = (chunk: Buffer) => chunks.push(chunk)
  codec.on('data', collect)
  try {
    await new Promise<void>((resolve, reject) => {
      codec.once('error', reject)
      codec.write(input, () => {
        codec.off('error', reject)
        resolve()
      })
    })
    await new Promise<void>((resolve) => codec.flush(constants.Z_SYNC_FLUSH, resolve))
  } finally {
    codec.off('data', collect)
  }
  return Buffer.concat(chunks)
}

/** A count, then each name and value with its length. */
function parse(bytes: Buffer): Headers {
  let at = 0
  const number = () => {
    at += 4
    return bytes.readUInt32BE(at - 4)
  }
  const text = () => {
    const length = number()
    at += length
    return bytes.toString('utf8', at - length, at)
  }
  const headers: Record<string, string> = {}
  for (let left = number(); left > 0; left--) {
    const name = text()
    headers[name] = text()
  }
  return headers
}

function format(headers: Headers): Buffer {
  const pairs = Object.entries(headers)
  const count = Buffer.alloc(4)
  count.writeUInt32BE(pairs.length)
  return Buffer.concat([count, ...pairs.flat().map((text) => sized(Buffer.from(text)))])
}
