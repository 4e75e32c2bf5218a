/** The shells that `weir completion` knows. Each script passes the words up to the cursor to `weir complete-words`. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof SHELLS)[number]

export const SCRIPTS: Record<Shell, string> = {
  bash: `# Completion of weir for bash. In ~/.bashrc: eval "$(weir completion bash)"
_weir() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" complete-words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _weir weir`,
  zsh: `#compdef weir
# Completion of weir for zsh. In ~/.zshrc, after compinit: eval "$(weir completion zsh)"
_weir() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete-words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then
    compadd -- "\${found[@]}"
  else
    _files
  fi
}
compdef _weir weir`,
  fish: `# Completion of weir for fish. In ~/.config/fish/config.fish: weir completion fish | source
function __weir_words
  set --local before (commandline --tokenize --cut-at-cursor --current-process)
  set --local current (commandline --current-token --cut-at-cursor)
  $before[1] complete-words -- $before[2..] "$current" 2>/dev/null
end
complete --command weir --arguments '(__weir_words)'`,
}
