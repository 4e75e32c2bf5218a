import { running } from './running.ts'
import type { Wait } from './wait.ts'

/** The cluster shows the setting that was changed, and is settled where that may concern it. For changes that lie beside the pods. */
export const settingRead: Wait = {
  everyMs: running.everyMs,
  poll(run) {
    const { setting } = run.state
    if (!setting) return 'no setting has been changed'
    const { name, value, shown } = setting
    if (shown !== value)
      return `${name}: asked for ${value}, ${shown === undefined ? 'not read yet' : `still ${shown}`}`
    // Which project it belongs to is no matter of the cluster: an update may be under way.
    return name === 'project' ? undefined : running.poll(run)
  },
  after: running.after,
}
