import { isDeepStrictEqual } from 'node:util'
import type { Rebalance } from './types.ts'

export const REBALANCE_PATH = '/validate-apps-emqx-io-v2beta1-rebalance'

/** Why a Rebalance may not be created, or changed from `old`, in the operator's own words; undefined when it may. */
export function refusal(rebalance: Rebalance, old?: Rebalance): string | undefined {
  if (old !== undefined)
    return isDeepStrictEqual(rebalance.spec, old.spec) ? undefined : "the Rebalance spec don't allow update"
  const { rebalanceStrategy } = rebalance.spec
  const wrong = (['relConnThreshold', 'relSessThreshold'] as const).find(
    (name) => !isFloat(rebalanceStrategy[name]),
  )
  return wrong === undefined ? undefined : `${wrong} must be float64`
}

const isFloat = (text: string | undefined): boolean => {
  if (text === undefined || text === '') return true
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
}
