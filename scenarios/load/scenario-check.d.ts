/**
 * The check of a scenario, which tools/build.mjs compiles from its schema (scenarios/definition/json-schema.ts): every command that runs
 * something needs it, and compiling it took a fifth of the processor time of a start.
 */
import type { ValidateFunction } from 'ajv'

export declare const check: ValidateFunction
