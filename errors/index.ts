export { CATALOGUE, type ErrorCode, EXIT } from './catalogue.ts'
export { messageOf } from './message-of.ts'
export { packageFile, weirVersion } from './package-file.ts'
export { usageError, WeirError } from './weir-error.ts'
