import { messageOf } from '#weir/errors/index.ts'
import type { SettingName } from '#weir/facts/index.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'

export interface SettingWrite {
  name: SettingName
  value: string
  /** The object that is written. */
  via: string
  write(): Promise<unknown>
}

/** Writes a setting: the change that is judged. Once it is sent, a run that ends waits for its result. */
export async function writeSetting(run: Run, { name, value, via, write }: SettingWrite): Promise<void> {
  const was = snapshot(run)
  const making = async () => {
    const start = run.clock.now()
    await write()
    const t = run.emit({ type: 'mark', name: 'trigger' })
    run.emit({ type: 'setting', name, phase: 'asked', value, via, tookNs: t - start })
    run.state.settingAsked(name, value)
    run.state.changed({ t, ...was })
  }
  const made = making()
  run.state.changeSent(made)
  try {
    await made
  } catch (error) {
    throw new Error(`${via}: ${messageOf(error)}`, { cause: error })
  }
  await recordParameters(run)
}
