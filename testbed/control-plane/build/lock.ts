import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, type Owner, ownerOf } from '../../runtime/owner.ts'

const POLL_MS = 1000

/**
 * Waits until no other process holds the lock, and takes it. One that its owner left behind is taken over. `waiting` is called once,
 * when there is something to wait for. The returned function releases it.
 */
export async function takeLock(file: string, waiting: (owner: Owner) => void): Promise<() => void> {
  for (let told = false; ; ) {
    try {
      writeFileSync(file, JSON.stringify(ownerOf(process.pid)), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = holder(file)
    if (owner === undefined || !isRunning(owner)) rmSync(file, { force: true })
    else {
      if (!told) waiting(owner)
      told = true
      await sleep(POLL_MS)
    }
  }
}

function holder(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner
  } catch {
    return undefined
  }
}
