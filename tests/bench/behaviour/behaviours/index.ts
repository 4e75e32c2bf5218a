/** What is tried with both engines on every broker. */
import type { Behaviour } from '../behaviour.ts'
import { CONNECTING } from './connecting.ts'
import { MESSAGES } from './messages.ts'
import { SESSIONS } from './sessions.ts'
import { WILLS } from './wills.ts'

export const BEHAVIOURS: readonly Behaviour[] = [...CONNECTING, ...SESSIONS, ...MESSAGES, ...WILLS]
