has use_esc || { log_error "esc-shell: \`use esc\` is not installed; run: esc-shell direnv install"; exit 1; }
use esc {{ arguments }}
