/** EMQX's own wait_takeover: the operator sends none where the resource says 0. */
const DEFAULT_TAKEOVER_SECONDS = 60

/** How long an evacuated node waits before it moves sessions, by `waitTakeover` of the resource. */
export const takeoverSeconds = (waitTakeoverSeconds: number): number =>
  waitTakeoverSeconds || DEFAULT_TAKEOVER_SECONDS
