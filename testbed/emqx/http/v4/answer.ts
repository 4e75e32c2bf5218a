import { type Answer, bare } from '../answer.ts'

export const ok = (data: unknown): Answer => ({ status: 200, body: { code: 0, data } })
/** `{"data":[],"code":0}`, in the order that 4.4 prints for start and stop. */
export const done = (): Answer => bare({ data: [], code: 0 })
/** A business error: 4.4 answers HTTP 200 with a code (docs/contract/emqx.md#api-errors). */
export const failed = (message: string, code = 400): Answer => bare({ code, message })
