# What nix/lib decides, case by case: `nix eval --json -f tests/nix/cases.nix failures` is [].
let
  esc = import ../../nix/lib;
  inherit (builtins)
    any
    attrNames
    concatStringsSep
    deepSeq
    filter
    fromJSON
    length
    match
    readFile
    tryEval
    ;

  spec = variables: {
    environment = "o/p/e";
    inherit variables;
  };
  # Exactly these problems, each known by a part of its text.
  only =
    parts: it:
    let
      problems = esc.problemsOf it;
      has = part: any (problem: match ".*${part}.*" problem != null) problems;
    in
    length problems == length parts && builtins.all has parts;
  of = variables: parts: only parts (spec variables);
  environment = environment: parts: only parts { inherit environment; };
  rules =
    rules: parts:
    only parts (
      spec {
        A = { };
        B = { };
      }
      // {
        inherit rules;
      }
    );
  refused = it: !(tryEval (deepSeq (esc.contractOf it) true)).success;

  schema = fromJSON (readFile ../../docs/esc-shell.schema.json);
  camel =
    key:
    let
      parts = filter builtins.isString (builtins.split "-" key);
      upper = part: "${builtins.substring 0 1 part}";
      raise =
        part: builtins.replaceStrings [ "l" "o" ] [ "L" "O" ] (upper part) + builtins.substring 1 (-1) part;
    in
    concatStringsSep "" ([ (builtins.head parts) ] ++ map raise (builtins.tail parts));
  sorted = builtins.sort (a: b: a < b);
  keysOf = properties: sorted (map camel (attrNames properties));
  drv = derivation {
    name = "x";
    system = "x";
    builder = "x";
    OWN = "1";
    shellHook = "own";
  };

  cases = {
    # names
    valid = of {
      A = { };
      B = {
        type = "port";
        requires = [ "A" ];
      };
      _ = { };
    } [ ];
    name =
      of
        {
          "1A" = { };
          "a-b" = { };
          "" = { };
        }
        [
          "'1A': not a valid"
          "'a-b': not a valid"
          "'': not a valid"
        ];
    reserved =
      of
        {
          PATH = { };
          DIRENV_DIFF = { };
          ESC_SHELL_X = { };
          __x = { };
          UID = { };
          "BASH_FUNC_x" = { };
        }
        [
          "PATH.: is reserved"
          "DIRENV_DIFF.: is"
          "ESC_SHELL_X.: is"
          "__x.: is"
          "UID.: is"
          "BASH_FUNC_x.: is"
        ];
    allowed = only [ ] (spec { PATH = { }; } // { allowReserved = [ "PATH" ]; });
    twice = only [ "'A' is set twice" ] (spec { A = { }; } // { files.A = { }; });
    plain = only [ "'A': is also set by the dev shell's own env" ] (
      spec {
        A = { };
        B = { };
      }
      // {
        plainEnv = [
          "A"
          "C"
        ];
      }
    );

    # what a variable must look like
    type = of { A.type = "zzz"; } [ "unknown type 'zzz' .one of string, int" ];
    every = builtins.all (
      type:
      of {
        A = {
          inherit type;
        }
        // (if type == "enum" then { values = [ "a" ]; } else { });
      } [ ]
    ) esc.typeNames;
    unknownRef = of { A.requires = [ "NOPE" ]; } [ "requires unknown variable 'NOPE' .known: A" ];
    selfRef = of { A.requires = [ "A" ]; } [ "requires itself" ];
    fileRef = only [ ] (spec { A.requires = [ "F" ]; } // { files.F.type = "x509"; });
    fileFrom = only [ "file 'F': from is for variables" ] (spec { } // { files.F.from = "a.b"; });
    lengths = of {
      A = {
        minLength = 3;
        maxLength = 2;
      };
      B = {
        minLength = 2;
        maxLength = 2;
      };
    } [ "A.: minLength is greater" ];
    bounds =
      of
        {
          A = {
            type = "int";
            min = 2;
            max = 1.5;
          };
          B.min = 1;
          C = {
            type = "port";
            min = 1;
            max = 2;
          };
        }
        [
          "A.: min is greater"
          "B.: min and max are"
        ];
    enum =
      of
        {
          A.type = "enum";
          B.values = [ "x" ];
          C = {
            type = "enum";
            values = [ "x" ];
          };
        }
        [
          "A.: is an enum"
          "B.: values is for"
        ];
    schemes = of { A.schemes = [ "s3" ]; } [ "schemes is for the type url" ];
    key = of { A.minlength = 1; } [ "there is no `minlength` .one of type, " ];
    nulls = of {
      A = {
        type = null;
        values = [ ];
        default = null;
        secret = null;
      };
    } [ ];

    # no value stands in Nix
    literal = of { A = "s3cret"; } [ "A.: a value never stands here" ];
    value = of { A.value = "s3cret"; } [ "A.: a value never stands here" ];
    secretDefault = of {
      A = {
        secret = true;
        default = "x";
      };
    } [ "a secret cannot have a default" ];
    required = of {
      A = {
        required = true;
        default = "x";
      };
    } [ "is required and has a default" ];
    public = of {
      A.default = "eu";
      B.default = 8080;
      C.default = "https://api.example/x@y";
    } [ ];
    suspicious =
      of
        {
          API_TOKEN.default = "x";
          DB_PASSWORD.default = "x";
          A.default = "AKIAABCDEFGHIJKLMNOP";
          B.default = "postgres://u:p@h/d";
          C.default = "-----BEGIN X";
        }
        [
          "API_TOKEN.: the default looks"
          "DB_PASSWORD.: the"
          "A.: the default"
          "B.: the default"
          "C.: the default"
        ];
    known = of {
      API_TOKEN = {
        default = "x";
        secret = false;
      };
    } [ ];
    untold =
      refused (spec {
        A = "s3cret";
      })
      && !(any (problem: match ".*s3cret.*" problem != null) (
        esc.problemsOf (spec {
          A = "s3cret";
          B.default = "sk-s3cret";
        })
      ));

    # environments
    references = builtins.all (text: environment text [ ]) [
      "dev"
      "p/dev"
      "o/p/dev"
      "dev:3"
      "dev@v1.2"
      "dev@HEAD~3"
      "dev@feature/x"
      "o/p/dev@latest"
      "./dev.yaml"
      "../a/dev.yml"
      "esc/dev.yaml@v1"
      "a b"
    ];
    noReferences = builtins.all (text: environment text [ "want .org" ]) [
      ""
      "/"
      "a/"
      "a//b"
      "a/b/c/d"
      "."
      "a/../b"
      "@v1"
      "a\nb"
    ];
    notText = environment 1 [ "environment 'of type int': want" ];
    listedTwice = environment [ "o/p/e" "a" "o/p/e" ] [ "'o/p/e' is listed twice" ];
    none = environment [ ] [ "no environment given" ];
    missing = only [ "no environment given" ] { };

    # rules
    rules =
      rules
        [
          {
            oneOf = [
              "A"
              "B"
            ];
          }
          { requires.A = [ "B" ]; }
          {
            conflicts = [
              "A"
              "B"
            ];
            "in" = [ "e" ];
          }
        ]
        [ ];
    ruleKinds =
      rules
        [
          { }
          {
            oneOf = [
              "A"
              "B"
            ];
            conflicts = [
              "A"
              "B"
            ];
          }
        ]
        [ "rule 1: want one of" "rule 2: want one of" ];
    ruleNames =
      rules
        [
          {
            oneOf = [
              "A"
              "X"
            ];
          }
          { requires.Y = [ "Z" ]; }
        ]
        [ "rule 1: unknown variable 'X'" "rule 2: unknown variable 'Y'" "rule 2: unknown variable 'Z'" ];
    ruleFew =
      rules
        [
          { oneOf = [ "A" ]; }
          { conflicts = [ "A" ]; }
        ]
        [ "rule 1: oneOf wants" "rule 2: conflicts wants" ];
    ruleKeys =
      rules
        [
          {
            oneof = [
              "A"
              "B"
            ];
          }
        ]
        [ "there is no `oneof`" "want one of" ];

    # how it is entered
    skip = only [ "skipVariable: not a valid" ] (spec { } // { skipVariable = "a b"; });
    skipDeclared = only [ "skipVariable: 'A' is a variable" ] (
      spec { A = { }; } // { skipVariable = "A"; }
    );
    onFailure = only [ "onFailure: want" ] (spec { } // { onFailure = "ignore"; });

    # everything at once, and nothing of it in the contract
    throws = refused (spec {
      "1A" = { };
    });
    contract =
      esc.contractOf (
        spec {
          A = {
            type = "url";
            minLength = 3;
            severity = {
              ci = "error";
              local = null;
            };
            pattern = null;
            schemes = [ ];
          };
          B = { };
        }
        // {
          files.F.type = "x509";
          rules = [
            {
              oneOf = [
                "A"
                "B"
              ];
              requires = { };
              conflicts = [ ];
              "in" = [ ];
            }
          ];
        }
      ) == {
        version = 1;
        environments = [ "o/p/e" ];
        variables = {
          A = {
            type = "url";
            min-length = 3;
            severity.ci = "error";
          };
          B = { };
        };
        files.F.type = "x509";
        rules = [
          {
            one-of = [
              "A"
              "B"
            ];
          }
        ];
        undeclared = "drop";
      };
    undeclared = (esc.contractOf (spec { } // { exportUndeclared = true; })).undeclared == "export";

    # the program has the same keys
    variableKeys =
      sorted esc.variableKeys == keysOf schema.properties.variables.additionalProperties.properties;
    ruleKeysEqual = sorted esc.ruleKeys == keysOf schema.properties.rules.items.properties;

    # shells
    wrapped =
      match ".*__esc_shell_enter.*own" (
        builtins.replaceStrings [ "\n" ] [ " " ] (esc.wrapDevShell (spec { A = { }; }) drv).shellHook
      ) != null;
    ownEnv = !(tryEval (esc.wrapDevShell (spec { OWN = { }; }) drv).shellHook).success;
    plaintext =
      esc.plaintextSecrets ./plaintext == [
        "defs/bad.yaml"
        "esc/nested/also.yml"
      ];
  };
in
{
  failures = filter (case: !cases.${case}) (attrNames cases);
  count = length (attrNames cases);
}
