import { readdirSync, readFileSync, realpathSync, rmdirSync } from 'node:fs'

/** Of kernel modules: docker makes it where it is missing, since nodes mount it. */
export const MODULES = '/lib/modules'

/**
 * Removes the folder where it is empty and nobody has it mounted: in the nodes of another cluster kube-proxy could not be started again
 * without it.
 */
export function removeModules(folder = MODULES): void {
  try {
    if (!isMountedSomewhere(realpathSync(folder))) rmdirSync(folder)
  } catch {
    // It is gone, or somebody put something there.
  }
}

/** Whether a mount of any process shows the folder (proc(5), mountinfo: the fourth field is the part of its file system). */
function isMountedSomewhere(folder: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
          .split('\n')
          .some((line) => line.split(' ')[3] === folder)
      } catch {
        // It has ended.
        return false
      }
    })
}
