import type { Dialect } from '../types.ts'
import { v1beta4 } from './v1beta4.ts'

/** The custom resources that weir knows how to read, by the name that scenarios use. */
export const dialects: Readonly<Record<'v1beta4', Dialect>> = { v1beta4 }
