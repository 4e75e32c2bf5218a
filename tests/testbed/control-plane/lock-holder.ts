/**
 * A process that takes a lock many times, prints a line whenever another process holds it too, and ends with the lock in its hands.
 *
 * usage: lock-holder.js LOCK
 */
import { rmSync, writeFileSync } from 'node:fs'
import { takeLock } from '#weir/testbed/control-plane/build/lock.ts'

const TIMES = 25
const [, , lock = ''] = process.argv
const inside = `${lock}.inside`

for (let time = 1; time <= TIMES; time += 1) {
  const release = await takeLock(lock, () => {}, { pollMs: 1 })
  try {
    writeFileSync(inside, '', { flag: 'wx' })
  } catch (error) {
    console.log(`round ${time}: ${(error as Error).message}`)
  }
  // Others look at the lock meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 1))
  rmSync(inside, { force: true })
  if (time < TIMES) release()
}
process.exit()
