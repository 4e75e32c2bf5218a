/** What a record proves. Everything here is a pure function of a record: no clock, no randomness. */
export type { Assertion, Bounds } from './assertion.ts'
export { knownDeviations } from './deviations/index.ts'
export { exitCodeOf } from './exit-code.ts'
export { type JudgeOptions, judge, worstOf } from './judge.ts'
export { assertions, findAssertion } from './registry.ts'
export { serializeVerdict } from './serialize.ts'
export type { Evidence, Finding, Outcome, Verdict } from './verdict.ts'
