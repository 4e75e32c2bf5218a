/** Bounds that more than one file has to name. */
export const SERIAL_BOUND =
  'one node at a time, replicants before cores, of a set the highest first, the next only after prohibiting with 0 connections and 0 sessions'
export const DRAINED_BOUND = 'a pod is deleted only with 0 connections and 0 sessions'
