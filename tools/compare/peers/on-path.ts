import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Why a program cannot be run by its name; undefined where it can. */
export function notOnPath(name: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(delimiter))
    try {
      accessSync(join(directory, name), constants.X_OK)
      return undefined
    } catch {
      // Not here: the next directory may have it.
    }
  return `${name} is not on PATH`
}
