# What looks like a secret: by the name of a variable, or by the form of a value. Whoever knows better says `secret = false`.
let
  inherit (builtins) any isString match;
  names = ".*(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE_KEY|ACCESS_KEY|API_?KEY).*";
  values = [
    "-----BEGIN .*"
    "(AKIA|ASIA)[0-9A-Z]{16}"
    "gh[pousr]_.*"
    "github_pat_.*"
    "glpat-.*"
    "pul-[0-9a-f]{40}"
    "sk[-_].*"
    "xox[abprs]-.*"
    "eyJ[^.]*\\.eyJ[^.]*\\..*"
    "[a-z][a-z0-9+.-]*://[^/@:]*:[^/@]+@.*"
  ];
in
{
  suspicious =
    name: value:
    match names name != null || (isString value && any (form: match form value != null) values);
}
