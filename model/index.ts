/** What an update will do to a fleet, before it is begun (docs/capacity.md). */
export { OPERATOR_NAMES, OPERATORS, type OperatorName } from './operators.ts'
export { predict } from './predict.ts'
export { type Goals, type SafeRates, safeRates } from './safe-rates.ts'
export { PARTS, type Prediction, type Setting } from './types.ts'
