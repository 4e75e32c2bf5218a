const SECRET_NAME =
  /pass(words?|wd|phrase)?\d*$|secret([_-]?access)?([_-]?key)?$|token$|credential|licen[sc]e|(api|private|access)[_.-]?key|cookie|^(.*[^a-z])?authorization$|bootstrap_users?$|\.(lic|key|p12|jks)$/i

/** Whether what stands under this name (of a field, a variable, an option, a setting) has to stay out of the record. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !isReference(name)
}

/** Fields that name a Secret hold no secret themselves. */
export function isReference(field: string): boolean {
  return /name$|ref$/i.test(field)
}
