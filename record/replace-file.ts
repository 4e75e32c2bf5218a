import { open, rename } from 'node:fs/promises'

/** Replaces a file as a whole: a reader, or a crash, meets the old content or the new one, never a half. */
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
