import { createOrUpdate } from '../../apply.ts'
import { headlessService } from '../objects/services.ts'
import type { Step } from '../pass.ts'

/** Cores look for each other by this Service, so it comes before them. */
export const addHeadlessService: Step = async (pass) => {
  await createOrUpdate(pass, headlessService(pass.cr))
  return undefined
}
