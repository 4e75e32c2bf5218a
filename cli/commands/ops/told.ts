import { EXIT } from '#weir/errors/index.ts'
import type { Output } from '../../output.ts'
import { quieted, type VerdictFlags } from '../../output-options.ts'
import type { JudgedRun } from '../../run/judged-after.ts'

/** Does an operation and shows its verdict. After a dry run there is nothing to show. */
export async function told(
  flags: VerdictFlags,
  whole: Output,
  operate: (output: Output) => Promise<JudgedRun | undefined>,
): Promise<number> {
  const output = quieted(flags, whole)
  const judged = await operate(output)
  if (!judged) return EXIT.pass
  const { showVerdict } = await import('../../run/show-verdict.ts')
  const { tellVerdict } = await import('../../run/tell-verdict.ts')
  const { addressesText } = await import('../../own-cluster/addresses-text.ts')
  const show = showVerdict(flags, output)
  return tellVerdict(judged, output, (one, files) => {
    show(one, files)
    const addresses = flags.json || flags.quiet ? '' : addressesText(one.run, output.columns)
    if (addresses !== '') output.print(`\n${addresses}`)
  })
}
