import { type ApiLine, recordedApi, recordedWatch } from '../recording.ts'
import type { Request } from '../trace.ts'
import { type Facts, factsOf } from './facts.ts'

export type RecordedRun = 'b-s1' | 'c-s3' | 'f-s2'

interface Asked extends ApiLine {
  user?: string
}

const isTheOperators = (line: Asked): line is Asked & Request =>
  line.k === 'api' && line.forwarded !== true && line.user === 'emqx-operator-controller'

/** What a real operator of line 2.2.29 did with a v2beta1 resource. */
export function recordedFacts(run: RecordedRun): Facts {
  const folder = `v2beta1-2.2.29/${run}`
  return factsOf(recordedWatch(folder), recordedApi(folder).filter(isTheOperators))
}
