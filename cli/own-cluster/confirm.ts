import { WeirError } from '#weir/errors/index.ts'
import type { Output } from '../output.ts'

/** Throws unless the user agrees: WEIR_DECLINED for a no, WEIR_USAGE where nobody can be asked. Enter is a no. */
export async function confirm(output: Pick<Output, 'ask'>): Promise<void> {
  const answer = await output.ask('Continue? [y/N] ')
  if (answer === undefined)
    throw new WeirError(
      'WEIR_USAGE',
      'there is no terminal to ask on, and nothing was changed: add --yes to carry this plan out',
    )
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new WeirError('WEIR_DECLINED', 'nothing was changed: the plan was not agreed to')
}
