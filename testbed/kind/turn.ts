import { join } from 'node:path'
import { takeLock } from '../control-plane/build/lock.ts'
import { FILES } from './paths.ts'

/**
 * Lets one process at a time start or end a docker daemon, and make or remove clusters: from the removal of what a killed weir left until the
 * new cluster's containers are known, no other may take them for left behind.
 */
export async function inTurn<T>(
  home: string,
  act: () => Promise<T>,
  { note = () => {}, pollMs }: { note?: (line: string) => void; pollMs?: number } = {},
): Promise<T> {
  const release = await takeLock(
    join(home, FILES.turn),
    ({ pid }) => note(`process ${pid} makes or removes a kind cluster: waiting for it`),
    { ...(pollMs !== undefined && { pollMs }) },
  )
  try {
    return await act()
  } finally {
    release()
  }
}
