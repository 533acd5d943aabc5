//! Integration tests: one module for each subject.

#![allow(unreachable_pub, reason = "nothing outside uses a test")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
#![allow(clippy::print_stderr, reason = "what is skipped is named")]
#![allow(clippy::disallowed_methods, reason = "tests set the scene: they make files, start programs and ask for tools")]

mod architecture;
mod aws_emulators;
mod aws_faults;
mod aws_requests;
mod buckets;
mod canary;
mod cloud;
mod cloud_stacks;
mod conformance;
mod contract;
mod direnv;
mod docs;
mod dotenv;
mod envrc;
mod esc_cli;
mod export;
mod files;
mod hybrid;
mod init;
mod limits;
mod nix;
mod properties;
mod pulumi_stacks;
mod revisions;
mod roots;
mod run;
mod shells;
mod store;
mod support;
mod use_esc;
mod vault;
mod yaml;
