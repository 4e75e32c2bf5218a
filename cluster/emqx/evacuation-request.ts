import type { EvacuationRequest } from './version-api.ts'

/** The body of evacuation/start. A wait of 0 is left out, as 4.4 refuses it; EMQX then waits for its own 60 s. */
export const evacuationBody = ({
  connEvictRate,
  sessEvictRate,
  waitTakeoverSeconds,
  recipients,
}: EvacuationRequest) => ({
  conn_evict_rate: connEvictRate,
  sess_evict_rate: sessEvictRate,
  migrate_to: recipients,
  ...(waitTakeoverSeconds > 0 && { wait_takeover: waitTakeoverSeconds }),
})
