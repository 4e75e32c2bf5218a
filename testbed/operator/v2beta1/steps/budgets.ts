import { createOrUpdate } from '../../apply.ts'
import { budgets } from '../objects/budgets.ts'
import type { Step } from '../pass.ts'

export const addBudgets: Step = async (pass) => {
  for (const budget of budgets(pass.cr)) await createOrUpdate(pass, budget)
  return undefined
}
