import { join } from 'node:path'
import { buildPrograms, inOneLine, type Wanted } from '../control-plane/build/build.ts'
import { NODE_PROGRAMS } from '../control-plane/build/cache.ts'
import { takeLock } from '../control-plane/build/lock.ts'
import type { EmbeddedOptions } from '../types.ts'
import { prepareInstallation } from './image/emqx-image.ts'
import { isMade, makeNodeImage } from './image/node-image.ts'
import { kindDir } from './paths.ts'
import { checkRequirements } from './requirements.ts'

const OWN: Wanted = {
  names: NODE_PROGRAMS,
  title: 'the programs of the testbed kind',
  minutes: 20,
  code: 'WEIR_KIND',
  check: (_dir, { toBuild }) =>
    checkRequirements(kindDir(), { toBuild: toBuild || !isMade(), adopts: false }),
}

/** A cluster of the user's has all but what runs in its pods. */
const ADOPTED: Wanted = {
  names: ['pause', 'emqx-pod'],
  title: 'the programs of emulated pods',
  minutes: 1,
  code: 'WEIR_KIND',
  check: (_dir, { toBuild }) => checkRequirements(kindDir(), { toBuild, adopts: true }),
}

/**
 * Makes what the testbed kind needs, once: the programs from their Go modules, the image of a node, and what EMQX installations run on. A
 * build that was broken off goes on where it was. Throws WEIR_KIND with what this machine lacks, or with what did not work.
 */
export async function prepareKind(
  { adopt, emqx = [] }: Pick<EmbeddedOptions, 'adopt' | 'emqx'>,
  note: (line: string) => void,
): Promise<void> {
  const wanted = adopt === undefined ? OWN : ADOPTED
  const programs = await buildPrograms(note, wanted)
  const dir = kindDir()
  await inOneLine(dir, { title: 'the images of the testbed kind', code: 'WEIR_KIND' }, async () => {
    const release = await takeLock(join(dir, 'building'), ({ pid }) =>
      note(`weir: process ${pid} is making images already: waiting for it`),
    )
    try {
      if (adopt === undefined) await makeNodeImage(programs, note)
      for (const installation of emqx) await prepareInstallation(installation, note)
    } finally {
      release()
    }
  })
}
