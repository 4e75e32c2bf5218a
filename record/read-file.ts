import { open } from 'node:fs/promises'

/**
 * The bytes of a regular file. A FIFO, a device or a folder under a record's name is refused before it is read: it would never end.
 * Throws as node:fs does, and an Error for what is no regular file.
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const { O_RDONLY, O_NONBLOCK } = (await import('node:fs')).constants
  const file = await open(path, O_RDONLY | O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is no regular file')
    return await file.readFile()
  } finally {
    await file.close()
  }
}
