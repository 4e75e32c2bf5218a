/**
 * Checks of a record's rows, which tools/build.mjs compiles from the schemas beside this file: compiling them for each record takes longer
 * than judging a small one.
 */
import type { ValidateFunction } from 'ajv'

export declare const manifest: ValidateFunction
export declare const fleet: ValidateFunction
export declare const scrape: ValidateFunction
/** By `type`. */
export declare const events: Readonly<Record<string, ValidateFunction>>
/** By `type`. */
export declare const messages: Readonly<Record<string, ValidateFunction>>
/** By `type`. */
export declare const logs: Readonly<Record<string, ValidateFunction>>
