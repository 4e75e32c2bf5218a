import { playAll } from './matrix.ts'
import { openMosquitto } from './stages/mosquitto.ts'

playAll('mosquitto', openMosquitto, { needs: 'mosquitto' })
