import { noMosquitto } from '../brokers/mosquitto.ts'
import { playAll } from './matrix.ts'
import { openMosquitto } from './stages/mosquitto.ts'

playAll('mosquitto', openMosquitto, { missing: noMosquitto })
