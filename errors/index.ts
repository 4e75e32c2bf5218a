export { CATALOGUE, type ErrorCode, EXIT } from './catalogue.ts'
export { packageFile, repositoryUrl, weirVersion } from './package-file.ts'
export { messageOf, usageError, WeirError, WeirErrors } from './weir-error.ts'
