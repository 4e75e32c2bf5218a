import type { Outcome } from '#weir/assertions/verdict/verdict.ts'

/** Every text of the reports of one run but the HTML page's own, in English. Those of another language have its type. */
export const english = {
  outcome: { pass: 'pass', fail: 'fail', inconclusive: 'inconclusive' } satisfies Record<Outcome, string>,
  /** Above a verdict. */
  outcomeHeading: (outcome: Outcome) => outcome.toUpperCase(),
  /** A value, and what to compare it with. */
  noted: (v: { value: string; note: string | undefined }) => (v.note ? `${v.value} (${v.note})` : v.value),
  sentences: (sentences: readonly string[]) => sentences.join(' '),
  listed: (parts: readonly string[]) => parts.join(', '),
  tally: (counts: readonly { outcome: Outcome; count: number }[]) =>
    counts.map(({ outcome, count }) => `${count} ${outcome}`).join(', ') || 'no assertion was judged',
  time: {
    end: 'the end',
    forEver: 'for ever',
    ms: (ms: number) => `${ms} ms`,
    seconds: (seconds: number) => `${seconds} s`,
    minutes: (v: { minutes: number; seconds: number }) => `${v.minutes} min ${v.seconds} s`,
    hours: (v: { hours: number; minutes: number }) => `${v.hours} h ${v.minutes} min`,
  },
  finding: {
    note: (warning: string) => `note: ${warning}`,
    cause: (title: string) => `cause: ${title}`,
    measured: (v: { measured: string; bound: string }) => `measured ${v.measured}; bound ${v.bound}`,
    settle: (settle: string) => `To resolve: ${settle}`,
    deviation: (id: string) => `known deviation: ${id}`,
    evidence: (v: { file: string; from: string; to: string; what: string }) =>
      `see ${v.file} from ${v.from} to ${v.to}: ${v.what}`,
  },
  warnings: {
    killed: (at: string) => `The run was killed; its record ends at ${at}.`,
    cut: (v: { isFailure: boolean; at: string; reason: string | undefined }) =>
      `The run ${v.isFailure ? 'failed' : 'was interrupted'} at ${v.at}${v.reason ? `: ${v.reason}` : '.'}`,
  },
  markdown: {
    title: (v: { mark: string; title: string }) => `## ${v.mark}: weir ${v.title}`,
    note: (warning: string) => `**Note:** ${warning}`,
    cause: (v: { title: string | undefined; findings: string; link: string }) =>
      `**Cause:** ${v.title ?? 'as above.'} What follows from it: ${v.findings}. See ${v.link}.`,
    passed: (v: { passed: number; all: number }) => `${v.passed} of ${v.all} assertions pass`,
    columns: ['', 'assertion', 'result', 'measured', 'bound'],
    evidence: (v: { file: string; from: string; to: string; what: string }) =>
      `${v.file}, ${v.from} to ${v.to}: ${v.what}`,
    deviation: (id: string) => `matches the known deviation ${id}`,
    figures: 'Figures',
    figureColumns: ['figure', 'value', 'bound', 'margin'],
    messages: 'Messages',
    messageColumns: [
      ...['', 'sent', 'acknowledged', 'arrived', 'lost', 'duplicated', 'out of order'],
      'delivered within (50 %, 99 %, longest)',
    ],
    run: 'The run',
    end: (tally: string) => `${tally}.`,
  },
  junit: {
    measured: (measured: string) => `measured: ${measured}`,
    bound: (bound: string) => `bound: ${bound}`,
    cause: (v: { title: string; link: string }) => `cause: ${v.title} See ${v.link}`,
    seeCause: (v: { title: string; link: string }) => `${v.title} See ${v.link}`,
    settle: (settle: string) => `to resolve: ${settle}`,
    evidence: (v: { file: string; from: string; to: string; what: string }) =>
      `evidence: ${v.file} from ${v.from} to ${v.to}: ${v.what}`,
    causeName: (number: number) => `cause ${number}`,
    noteName: (number: number) => `note ${number}`,
  },
  annotations: {
    causeOf: (v: { title: string; findings: number }) => `${v.title}: cause of ${v.findings}`,
    see: (link: string) => `See ${link}`,
  },
  figures: {
    bound: (v: { isMost: boolean; value: string }) => `${v.isMost ? 'at most' : 'at least'} ${v.value}`,
  },
  key: {
    clients: 'clients',
    evictions: 'evictions',
    perClient: (ratio: number) => `${ratio} per client`,
    attempts: 'peak attempts/s',
    rate: (rate: number) => `rate ${rate}/s`,
    offline: 'peak offline',
    of: (clients: number) => `of ${clients}`,
    downtime: 'median downtime',
    longest: (time: string) => `longest ${time}`,
    messagesLost: 'messages lost',
    ofAcknowledged: (messages: number) => `of ${messages} acknowledged`,
    podLost: 'a fleet pod was lost',
    lost: 'never reconnected',
    took: 'time of the change',
    notDone: 'not done',
    unknown: 'unknown',
  },
}
