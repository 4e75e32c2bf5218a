import { EXIT } from '#weir/errors/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'

/** After a dry run there is nothing to tell. */
export async function told(judged: JudgedRun | undefined, output: Output): Promise<number> {
  if (!judged) return EXIT.pass
  const { tellVerdict } = await import('../../run/tell-verdict.ts')
  return tellVerdict(judged, output)
}
