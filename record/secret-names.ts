const SECRET_NAME =
  /pass(words?|wd|phrase|code)?\d*$|pwd\d*$|secret([_-]?access)?([_-]?key)?([_-]?id)?$|secret[_-]?\w*(id|data|string)$|token$|credential|licen[sc]e|(api|private|access|account|shared|signing|signature|encryption|master|storage|auth|hmac|aes|sas|secret|stream|routing|integration|webhook|subscription|instance|function|primary|secondary)[_.-]?key|key[_-]?(material|password)|cookie|^(.*[^a-z])?authorization$|bootstrap_users?$|\.(lic|key|p12|pfx|jks|keytab|psk|pgpass|netrc|htpasswd)$|^\.?(pgpass|netrc|htpasswd|dockerconfigjson|dockercfg|id_rsa|id_ed25519|kubeconfig|users\.csv)$|(^|[^a-z])(psk|dsn|sas|sig|pin|otp|jwt|bearer|auth)$|psk[_-]?(key|identit\w*|secret|hex|file_?data)?$|signature$|connection[_-]?(string|uri|url)$|(^|[^a-z])salt$|jaas[._-]?config$|(^|[_.-])private([_.-]\w+)?$|^keytab$|headers?[._][\w-]+$/i

/** Whether what stands under this name (of a field, a variable, an option, a setting) has to stay out of the record. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !isReference(name)
}

/** Fields that name a Secret hold no secret themselves. */
export function isReference(field: string): boolean {
  return /name$|ref$/i.test(field)
}
