import { accessSync, constants, readlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'

/** Carries the name of the namespace that weir was started in over to the one that it has entered. */
const ENTERED_FROM = 'WEIR_ENTERED_FROM'

const currentNamespace = (): string => readlinkSync('/proc/self/ns/net')

/** Whether this process is in a network namespace that weir has made. A variable that somebody set is not believed. */
export function isEntered(env: NodeJS.ProcessEnv = process.env, current = currentNamespace): boolean {
  const from = env[ENTERED_FROM]
  return from !== undefined && from !== current()
}

/** How unshare(1) runs a program in a new network namespace, and the process keeps its number. */
export const inNewNamespace = (command: readonly string[]): string[] => ['--net', '--', ...command]

/**
 * Puts this process, from its beginning and with the same arguments, into a new network namespace; does nothing when it is in one. The
 * namespace has no name: the kernel removes it with the last process in it, however that ends. Throws WEIR_CONTROL_PLANE.
 */
export function enterNamespace(): void {
  if (isEntered()) return
  const unshare = findProgram('unshare')
  const execve = process.execve as typeof process.execve | undefined
  if (unshare === undefined || execve === undefined)
    throw new WeirError(
      'WEIR_CONTROL_PLANE',
      'weir cannot enter a network namespace here: it needs unshare (install util-linux) and a Node with process.execve',
    )
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  execve(unshare, ['unshare', ...inNewNamespace(command)], {
    ...process.env,
    [ENTERED_FROM]: currentNamespace(),
  } as Record<string, string>)
}

function findProgram(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
