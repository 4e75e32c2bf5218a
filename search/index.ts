/** Finds the largest value that still holds, by trying. */
export { searchEdge } from './search.ts'
export type { SearchEnd, SearchLimits, SearchResult, Trial, Tried } from './types.ts'
