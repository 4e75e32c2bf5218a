import { startMosquitto } from '../../brokers/mosquitto.ts'
import type { Stage } from '../stage.ts'

const user = { username: 'weir', password: 'let me in' }

export async function openMosquitto(): Promise<Stage> {
  const broker = await startMosquitto({ users: [user] })
  return { name: 'mosquitto', target: broker.targets[0]!, user, stop: () => broker.stop() }
}
