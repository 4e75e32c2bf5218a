/**
 * Every text of a verdict, by assertion and name: a string, or a function of the values that a check computed. Checks
 * hold no text of their own, so another language is one more object of the type `Messages`.
 */
import type { AssertionId } from '#weir/facts/index.ts'
import { causes } from './causes.ts'
import { clients } from './clients.ts'
import { evictions } from './evictions.ts'
import { operations } from './operations.ts'
import { outcome } from './outcome.ts'
import { settings } from './settings.ts'
import { settle, shared } from './shared.ts'
import { sources } from './sources.ts'
import { status } from './status.ts'
import { verdict } from './verdict.ts'

const english = {
  ...evictions,
  ...clients,
  ...operations,
  ...settings,
  ...outcome,
  ...status,
  sources,
  verdict,
  causes,
  shared,
  settle,
}

export type Messages = typeof english & Record<AssertionId, object>

export const MESSAGES: Messages = english
