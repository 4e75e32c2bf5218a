import { startMosquitto } from '../../brokers/mosquitto.ts'
import { carries } from './carried.ts'
import { misfortunes, openReal, type RealListeners } from './real-listeners.ts'

let broker: RealListeners
const open = async () => {
  broker = await openReal(startMosquitto, '5')
  return broker
}
carries('mosquitto', 'mosquitto', open, (test) => misfortunes(test, () => broker))
