export { CATALOGUE, EXIT, type ErrorCode } from './catalogue.ts'
export { WeirError } from './weir-error.ts'
