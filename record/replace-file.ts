import { open, rename } from 'node:fs/promises'

/** Replaces a file atomically: a reader, or a crash, finds the old content or the new one. */
export async function replaceFile(path: string, content: string): Promise<void> {
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
