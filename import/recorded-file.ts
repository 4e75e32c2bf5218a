import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { messageOf, WeirError } from '#weir/errors/index.ts'

/** The text of `name` or `name.gz` in a recording; undefined if there is neither. */
export function recordedText(dir: string, name: string): string | undefined {
  const path = [join(dir, name), join(dir, `${name}.gz`)].find(existsSync)
  if (path === undefined) return undefined
  try {
    const bytes = readFileSync(path)
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch (cause) {
    throw new WeirError(
      'WEIR_IMPORT_INVALID',
      `${path} cannot be read (${messageOf(cause)}): check that the file is complete`,
      {
        cause,
      },
    )
  }
}
