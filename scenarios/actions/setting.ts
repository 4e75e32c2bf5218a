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

/** Writes what is judged, and has it recorded. Once it is sent, a run that ends waits for its result. */
export async function writeChange(
  run: Run,
  write: () => Promise<unknown>,
  record: (tookNs: number) => void,
): Promise<void> {
  const was = snapshot(run)
  const making = async () => {
    const start = run.clock.now()
    await write()
    const t = run.emit({ type: 'mark', name: 'trigger' })
    record(t - start)
    run.state.changed({ t, ...was })
  }
  const made = making()
  run.state.changeSent(made)
  await made
  await recordParameters(run)
}

/** Writes a setting: the change that is judged. */
export async function writeSetting(run: Run, { name, value, via, write }: SettingWrite): Promise<void> {
  const named = async () => {
    try {
      await write()
    } catch (error) {
      throw new Error(`${via}: ${messageOf(error)}`, { cause: error })
    }
  }
  await writeChange(run, named, (tookNs) => {
    run.emit({ type: 'setting', name, phase: 'asked', value, via, tookNs })
    run.state.settingAsked(name, value)
  })
}
