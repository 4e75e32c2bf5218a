import { running } from './running.ts'
import type { Wait } from './wait.ts'

/** The cluster shows the setting that was changed, and is settled. For changes that lie beside the pods. */
export const settingRead: Wait = {
  everyMs: running.everyMs,
  poll(run) {
    const { setting } = run.state
    if (!setting) return 'no setting has been changed'
    const { name, value, shown } = setting
    if (shown !== value)
      return `${name}: asked for ${value}, ${shown === undefined ? 'not read yet' : `still ${shown}`}`
    return running.poll(run)
  },
  after: running.after,
}
