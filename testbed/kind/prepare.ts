import { join } from 'node:path'
import { buildPrograms, inOneLine } from '../control-plane/build/build.ts'
import { NODE_PROGRAMS } from '../control-plane/build/cache.ts'
import { takeLock } from '../control-plane/build/lock.ts'
import { isMade, makeNodeImage } from './image/node-image.ts'
import { kindDir } from './paths.ts'
import { checkRequirements } from './requirements.ts'

const WANTED = {
  names: NODE_PROGRAMS,
  title: 'the programs of the testbed kind',
  minutes: 20,
  code: 'WEIR_KIND',
  check: (_dir: string, { toBuild }: { toBuild: boolean }) =>
    checkRequirements(kindDir(), { toBuild: toBuild || !isMade() }),
} as const

/**
 * Makes what the testbed kind needs, once: the programs from their Go modules and the image of a node. A build that was broken off goes on
 * where it was. Throws WEIR_KIND with what this machine lacks, or with what did not work.
 */
export async function prepareKind(
  note: (line: string) => void,
): Promise<{ programs: string; image: string }> {
  const programs = await buildPrograms(note, WANTED)
  const dir = kindDir()
  let image = ''
  await inOneLine(dir, { title: 'the node image', code: 'WEIR_KIND' }, async () => {
    const release = await takeLock(join(dir, 'building'), ({ pid }) =>
      note(`weir: process ${pid} is making the node image already: waiting for it`),
    )
    try {
      image = await makeNodeImage(programs, note)
    } finally {
      release()
    }
  })
  return { programs, image }
}
