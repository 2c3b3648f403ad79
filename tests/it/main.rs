//! The one integration test binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]

mod bad_input;
mod checks;
mod commits;
mod comparisons;
mod drift;
mod graphs;
mod incident;
mod install;
mod laws;
mod lowered;
mod model_commits;
mod models;
mod pushes;
mod real_git;
mod rules;
mod schema;
mod settings;
mod world;
