/** Finds the largest value that still holds, by trying. */
export { EXIT_OF } from './exit-code.ts'
export { searchEdge } from './search.ts'
export type { SearchEnd, SearchLimits, SearchResult, Trial, Tried } from './types.ts'
