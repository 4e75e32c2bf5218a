import type { LogSetting } from '#weir/cluster/dialects/log-setting.ts'

/** Why there are no lines, and what to set; undefined where EMQX prints them. `subject`: e.g. "the log service was". */
export const offText = (subject: string, setting: LogSetting): string | undefined =>
  setting.isOff
    ? `${subject} not configured: with ${setting.setting} EMQX prints no log in its pods; set ${setting.instead}`
    : undefined
