import { fault } from './fault.ts'

const TICKS = 2

export const rebalanceShort = fault({
  name: 'rebalance-short',
  part: 'emqx',
  summary: 'a rebalance ends after two seconds of evictions, balanced or not',
  shownBy: 'rebalance',
  caughtBy: ['balance'],
  emqx: (next) => ({
    endsEvicting: (isBalanced, ticks) => ticks >= TICKS || next.endsEvicting(isBalanced, ticks),
  }),
})
