import type { Moment } from '../evidence/wording.ts'
import { when } from './english.ts'

const prometheus = ({ every }: { every: number }) => `Prometheus, which scraped every ${every} s,`

/** What the scrapes of a Prometheus add to a finding. */
export const sources = {
  same: (v: { every: number; isOpen: boolean }) =>
    `${prometheus(v)} ${v.isOpen ? 'cannot show it either' : 'shows the same'}.`,
  otherOpen: (v: { every: number; why: string }) => `${prometheus(v)} cannot show it: ${v.why}.`,
  ownOpen: (v: { every: number; why: string }) =>
    `Only ${prometheus(v)} shows it; the scrapes of weir do not: ${v.why}.`,
  alone: ({ every, isOpen }: { every: number; isOpen: boolean }) =>
    `${isOpen ? 'Only Prometheus was read' : 'Shown by Prometheus alone'}, which scraped every ${every} s.`,
  coarser: (v: { every: number; holds: boolean; sentence: string }) =>
    `${prometheus(v)} ${v.holds ? 'does not show it' : 'shows it otherwise'}: ${v.sentence}`,
  finer: (v: { every: number; ownEvery: number; holds: boolean; sentence: string }) =>
    `So ${prometheus(v)} shows it; the scrapes of weir, every ${v.ownEvery} s, ${v.holds ? 'do not' : 'show it otherwise'}: ${v.sentence}`,
  disagree: (v: {
    metric: string
    node: string
    at: Moment
    own: number
    other: number
    holds: boolean
    sentence: string
    otherSentence: string
  }) =>
    `the two sources disagree: ${when(v.at)} Prometheus shows ${v.metric} ${v.other} of ${v.node}, and the scrapes of weir ${v.own}. By the scrapes of weir it ${v.holds ? 'held' : 'did not hold'}: ${v.sentence}. By Prometheus: ${v.otherSentence}`,
  disagreeSettle: 'Check the targets of both sources: one of them scrapes other pods.',
  otherBlind: (v: { every: number; sentence: string }) =>
    `the scrapes of weir show a failure, and ${prometheus(v)} has no reading of each pod at that time: ${v.sentence}`,
  ownBlind: (v: { every: number; sentence: string }) =>
    `${prometheus(v)} shows a failure, and the scrapes of weir have no reading of each pod at that time: ${v.sentence}`,
  blindSettle: 'Rerun without failed scrapes.',
  unread: (v: { why: string }) => `Prometheus shows nothing: ${v.why}.`,
  allFailed: (v: { scrapes: number }) =>
    `each of the ${v.scrapes} scrapes of the Prometheus failed: see the errors on its page Status, Targets`,
  nothingRecorded: 'nothing of the Prometheus is in the record',
  nothingElse: (v: { why: string }) => `the pods were not scraped, and Prometheus shows nothing: ${v.why}`,
  nothingElseSettle: 'Fix the Prometheus, or remove --no-scrape.',
}
