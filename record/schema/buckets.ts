import Type from 'typebox'
import { count } from './scalars.ts'

/** Fields of a histogram's buckets. */
export const buckets = { upToSeconds: Type.Array(count), counts: Type.Array(count), sumSeconds: count }
