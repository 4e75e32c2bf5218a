/**
 * Every text of a verdict, by assertion and name: a string, or a function of the values that a check computed. Checks
 * hold no text of their own. A text is looked up in the language chosen then when it is read: hold a part of MESSAGES, not a text.
 */
import { type AssertionId, inChosen } from '#weir/facts/index.ts'
import { english } from './catalogue.ts'
import { chinese } from './zh/index.ts'

export type Messages = typeof english & Record<AssertionId, object>

export const MESSAGES: Messages = inChosen({ en: english, zh: chinese })
