import type { Dialect, DialectName } from '../types.ts'
import { v1beta4 } from './v1beta4.ts'
import { v2beta1 } from './v2beta1.ts'
import { v3beta1 } from './v3beta1.ts'

/** The custom resources that weir knows how to read, by the name that scenarios use. */
export const dialects: Readonly<Record<DialectName, Dialect>> = { v1beta4, v2beta1, v3beta1 }
