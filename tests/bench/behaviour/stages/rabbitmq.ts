import { startRabbitmq } from '../../brokers/rabbitmq.ts'
import type { Stage } from '../stage.ts'

const user = { username: 'weir', password: 'let me in' }

export async function openRabbitmq(): Promise<Stage> {
  const broker = await startRabbitmq({ users: [user] })
  return { name: 'rabbitmq', target: broker.targets[0]!, user, stop: () => broker.stop() }
}
