export { CATALOGUE, type ErrorCode, EXIT } from './catalogue.ts'
export { WeirError } from './weir-error.ts'
