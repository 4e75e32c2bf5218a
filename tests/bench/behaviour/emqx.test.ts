import { playAll } from './matrix.ts'
import { openEmqx } from './stages/emqx.ts'

playAll('emqx', openEmqx)
