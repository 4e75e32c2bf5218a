import { inChosen, language } from '#weir/facts/index.ts'

/** What help says of weir as a whole. */
const english = {
  about: 'Drives MQTT clients through an EMQX upgrade on Kubernetes and proves what happened to them.',
  command: 'command',
  debug: 'show the causes of errors',
  lang: 'language of verdicts, reports and help',
  version: 'Show version number',
  help: 'Show help',
  codes:
    'Exit codes: 0 pass, 1 fail, 2 wrong usage, 3 inconclusive, 4 environment not fit, 5 a figure is worse, 6 refused, 130 interrupted.',
  upgrade: 'an upgrade of an embedded cluster: a minute and a half',
  options: 'the options of a command',
}

const chinese: typeof english = {
  about: '让一批 MQTT 客户端经历 Kubernetes 上的 EMQX 升级，并证明它们发生了什么。',
  command: '命令',
  debug: '显示错误的原因',
  lang: '结论、报告和帮助的语言',
  version: '显示版本号',
  help: '显示帮助',
  codes: '退出码：0 通过，1 失败，2 用法错误，3 无法判定，4 环境不满足，5 有数据变差，6 被拒绝，130 被中断。',
  upgrade: '升级内置集群：一分半钟',
  options: '一个命令的选项',
}

export const HELP = inChosen({ en: english, zh: chinese })

/** yargs' own words in help. Its errors stay English: usage.ts reads them. */
const YARGS_IN_CHINESE: Readonly<Record<string, string>> = {
  'Commands:': '命令：',
  'Options:': '选项：',
  'Positionals:': '位置参数：',
  'Examples:': '示例：',
  'choices:': '可选值:',
  'default:': '默认值:',
  boolean: '布尔',
  number: '数字',
  string: '字符串',
  array: '数组',
  required: '必需',
}

/** yargs keeps what it was given for the whole process, so English is given too. */
export const yargsTexts = (): Readonly<Record<string, string>> =>
  language() === 'zh'
    ? YARGS_IN_CHINESE
    : Object.fromEntries(Object.keys(YARGS_IN_CHINESE).map((word) => [word, word]))
