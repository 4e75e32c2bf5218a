/**
 * yargs shows every flag of more than one letter with two dashes. Those of MQTTX have up to three letters behind one dash ("-rp"), are
 * understood that way, and are shown that way: a space keeps the columns.
 */
export function shortFlags(help: string): string {
  return help.replace(/^( +--[\w-]+), --([A-Za-z]{2,3})(?= )/gm, '$1, -$2 ')
}
