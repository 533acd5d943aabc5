# Names of variables and of environments.
let
  inherit (builtins)
    any
    elem
    filter
    isString
    length
    match
    split
    stringLength
    substring
    ;
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;

  # Setting one of these breaks the shell, the build environment, direnv or the hook.
  reservedNames = [
    "BASHOPTS"
    "BASH_ENV"
    "BASH_VERSINFO"
    "ENV"
    "EUID"
    "HOME"
    "IFS"
    "OLDPWD"
    "PATH"
    "PPID"
    "PROMPT_COMMAND"
    "PS1"
    "PS4"
    "PWD"
    "SHELL"
    "SHELLOPTS"
    "UID"
    "DYLD_INSERT_LIBRARIES"
    "DYLD_LIBRARY_PATH"
    "LD_AUDIT"
    "LD_LIBRARY_PATH"
    "LD_PRELOAD"
    "TEMP"
    "TEMPDIR"
    "TMP"
    "TMPDIR"
    "IN_NIX_SHELL"
    "NIX_BUILD_TOP"
    "NIX_STORE"
    "buildInputs"
    "builder"
    "name"
    "nativeBuildInputs"
    "out"
    "outputs"
    "phases"
    "shellHook"
    "stdenv"
    "system"
  ];
  reservedPrefixes = [
    "BASH_FUNC_"
    "DIRENV_"
    "ESC_SHELL_"
    "__"
  ];

  segment =
    part:
    isString part
    && part != ""
    && part != "."
    && part != ".."
    && match "[^\\\\[:cntrl:]]+" part != null;
in
{
  nameForm = "[A-Za-z_][A-Za-z0-9_]*";
  validName = name: isString name && match "[A-Za-z_][A-Za-z0-9_]*" name != null;
  isReserved = name: elem name reservedNames || any (prefix: hasPrefix prefix name) reservedPrefixes;

  # `[org/][project/]env[@version]` or `env:version`: cut at the first `@`, else at the first `:`. Or a definition by its path.
  referenceForm = "[org/][project/]environment[@version]";
  validReference =
    text:
    let
      cut = match "([^@]*)@(.*)" text;
      name = builtins.head (if cut != null then cut else match "([^:]*)(:.*)?" text);
      parts = filter isString (split "/" name);
    in
    isString text
    && match "[^[:cntrl:]]*" text != null
    && (
      match "[^@:]*/[^/]*\\.ya?ml([@:].*)?" text != null
      || (length parts <= 3 && builtins.all segment parts)
    );
}
