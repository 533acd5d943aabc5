# The options of a shell, shared by the modules for flake-parts, devshell and devenv.
{ lib }:
let
  inherit (lib) mkOption literalExpression types;
  esc = import ../lib;

  optional =
    type: example: description:
    mkOption {
      type = types.nullOr type;
      default = null;
      inherit example description;
    };
  list =
    type: example: description:
    mkOption {
      type = types.listOf type;
      default = [ ];
      inherit example description;
    };
  level = types.enum [
    "error"
    "warn"
  ];
  severity = types.submodule {
    options = {
      ci = optional level "error" "In a CI job.";
      local = optional level "warn" "Elsewhere.";
    };
  };
  scalar = types.either types.str (types.either types.bool number);
  number = types.either types.int types.float;

  # Each key of a contract; the tests hold the names against the program's.
  declared = {
    type = optional (types.enum esc.typeNames) "url" "What the value must be; null means any text.";
    required =
      optional types.bool false
        "Refuse the shell when it is missing or empty; null means yes, unless there is a default.";
    default =
      optional scalar "8080"
        "Value when there is none. It is public: it is written to the Nix store.";
    secret =
      optional types.bool false
        "Whether it is masked as a secret; null leaves it to the type and the default.";
    pattern = optional types.str "[a-z]+" "Regular expression with a match in the value.";
    minLength = optional types.int 32 "Least number of characters.";
    maxLength = optional types.int 64 "Greatest number of characters.";
    min = optional number 1 "Least number.";
    max = optional number 10 "Greatest number.";
    schemes = list types.str [ "postgres" ] "Schemes that a url may have.";
    values = list scalar [ "debug" "info" ] "Values of an enum.";
    requires = list types.str [ "TLS_KEY" ] "Variables that must exist when this one does.";
    from =
      optional types.str "urls.api"
        "Property path of the value; null means `environmentVariables.NAME`.";
    severity =
      optional (types.either level severity) "warn"
        "How bad a violation is: one word, or one for `ci` and one for `local`.";
    "in" = list types.str [ "prod" ] "Environments that it holds for; empty means all.";
    help = optional types.str "ask #platform" "What to do when it is missing or wrong.";
    owner = optional types.str "platform" "Who is to be asked.";
    docs = optional types.str "https://wiki.example/vault" "Where it is described.";
    value = mkOption {
      type = types.nullOr types.unspecified;
      default = null;
      visible = false;
      description = "Refused: a value never stands in Nix.";
    };
  };

  rule = {
    oneOf = list types.str [ "DATABASE_URL" "PGHOST" ] "One of these variables must exist.";
    requires = mkOption {
      type = types.attrsOf (types.listOf types.str);
      default = { };
      example = {
        TLS_CERT = [ "TLS_KEY" ];
      };
      description = "Variables, each with those that it needs.";
    };
    conflicts = list types.str [ "A" "B" ] "No two of these variables may exist.";
    "in" = list types.str [ "prod" ] "Environments that it holds for; empty means all.";
  };
in
rec {
  # `package` is the default of that option, and `packageText` what documentation shows for it.
  shell =
    { package, packageText }:
    {
      environment = mkOption {
        type = types.either types.str (types.listOf types.str);
        example = "myorg/myproject/dev";
        description = "The environment, `[org/][project/]environment[@version]`, or a list of them; a later one wins.";
      };
      variables = mkOption {
        type = types.attrsOf (types.submodule { options = declared; });
        default = { };
        example = literalExpression ''{ DATABASE_URL.type = "url"; API_TOKEN = { }; }'';
        description = "Variables that the shell needs, and what they must look like.";
      };
      files = mkOption {
        type = types.attrsOf (types.submodule { options = removeAttrs declared [ "from" ]; });
        default = { };
        example = literalExpression ''{ TLS_CERT.type = "x509"; }'';
        description = "Files that the shell needs, by the variable that holds the path; what is declared is about the content.";
      };
      rules = mkOption {
        type = types.listOf (types.submodule { options = rule; });
        default = [ ];
        example = literalExpression ''[ { oneOf = [ "DATABASE_URL" "PGHOST" ]; } ]'';
        description = "What must hold between variables.";
      };
      exportUndeclared = mkOption {
        type = types.bool;
        default = false;
        example = true;
        description = "Also export what the environment has and `variables` does not list.";
      };
      allowReserved = list types.str [ "PS1" ] "Reserved names that may be set after all.";
      onFailure = mkOption {
        type = types.enum [
          "exit"
          "warn"
        ];
        default = "exit";
        example = "warn";
        description = "What happens when a guard fails: the shell is refused, or entered without the variables.";
      };
      skipVariable = mkOption {
        type = types.str;
        default = "ESC_SHELL_SKIP";
        example = "OFFLINE";
        description = "Whoever sets this variable enters without the variables, and is told so.";
      };
      package = mkOption {
        type = types.package;
        default = package;
        defaultText = literalExpression packageText;
        example = literalExpression "pkgs.esc-shell";
        description = "The esc-shell that is called on entry.";
      };
      contractFile = mkOption {
        type = types.unspecified;
        readOnly = true;
        description = "The contract in the store: names and rules, no values.";
      };
      shellHook = mkOption {
        type = types.str;
        readOnly = true;
        description = "The hook, for shells that are built by hand.";
      };
    };

  # What `shell` was set to, as nix/lib takes it.
  specOf =
    name: config:
    {
      inherit name;
      command = "${config.package}/bin/esc-shell";
    }
    // builtins.intersectAttrs {
      environment = 0;
      variables = 0;
      files = 0;
      rules = 0;
      exportUndeclared = 0;
      allowReserved = 0;
      onFailure = 0;
      skipVariable = 0;
    } config;
}
