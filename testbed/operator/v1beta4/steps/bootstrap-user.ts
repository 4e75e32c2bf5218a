import { randomBytes } from 'node:crypto'
import { createMissing } from '../../apply.ts'
import { bootstrapUserSecret } from '../objects/config.ts'
import type { Step } from '../pass.ts'

/** A user of EMQX's API with a password of 64 characters; written once, never changed. */
export const addBootstrapUser: Step = async (pass) => {
  await createMissing(pass, bootstrapUserSecret(pass.cr, randomBytes(32).toString('hex')))
  return undefined
}
