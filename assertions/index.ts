/** What a record proves. Everything here is a pure function of a record: no clock, no randomness. */
export type { Check } from './check.ts'
export { knownDeviations } from './deviations/index.ts'
export { CHECKS } from './registry.ts'
export { exitCodeOf } from './verdict/exit-code.ts'
export { type JudgeOptions, judge, worstOf } from './verdict/judge.ts'
export { serializeVerdict } from './verdict/serialize.ts'
export type { Cause, Evidence, Finding, Outcome, Verdict } from './verdict/verdict.ts'
